import { defineConfig, mergeConfig } from 'vitest/config';
import { shared } from '../vitest.shared.ts';

/** Tests of the workspace itself: its layers, its set-up. Each package tests itself. */
export default mergeConfig(shared, defineConfig({ test: { name: 'workspace' } }));
