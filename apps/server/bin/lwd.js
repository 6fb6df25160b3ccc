#!/usr/bin/env node
// Committed, so that npm links `lwd` on a fresh clone too, where dist is still to be built.
import '../dist/main.js';
