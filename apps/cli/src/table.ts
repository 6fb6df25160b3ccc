import { cellWidth, cutToWidth } from './cell-width.js';
import type { Color, Paint } from './paint.js';

/** One column of a table; `Row` is what its cells are made of. */
export interface Column<Row> {
  readonly title: string;
  /** Escaped text. Empty is shown as `-`, so that columns can be counted. */
  cell(row: Row): string;
  color?(row: Row): Color | undefined;
  /** The column with the highest number goes first where the terminal is narrow. */
  readonly dropOrder: number;
  /** Cells below which the column is rather dropped than cut; absent: it is never cut. */
  readonly minWidth?: number;
}

export interface TableOptions {
  /** Cells of the terminal; undefined: all columns in full. */
  readonly width: number | undefined;
  readonly paint: Paint;
}

const gap = 2;

interface Laid<Row> {
  readonly column: Column<Row>;
  readonly cells: readonly string[];
  readonly width: number;
}

/** An aligned table with a header line. No line is wider than the terminal. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width, paint }: TableOptions,
): string {
  const natural = columns.map((column) => layOut(column, rows));
  const laid = width === undefined ? natural : narrow(natural, width);
  const header = line(laid, (one) => [one.column.title, 'bold'], paint);
  const body = rows.map((row, index) =>
    line(laid, ({ column, cells }) => [cells[index] ?? '', column.color?.(row)], paint),
  );
  return [header, ...body, ''].join('\n');
}

function layOut<Row>(column: Column<Row>, rows: readonly Row[]): Laid<Row> {
  const cells = rows.map((row) => column.cell(row) || '-');
  const widest = (width: number, cell: string) => Math.max(width, cellWidth(cell));
  return { column, cells, width: cells.reduce(widest, column.title.length) };
}

/** Drops the least important column until the rest fits, cutting those that may be cut. */
function narrow<Row>(laid: readonly Laid<Row>[], width: number): readonly Laid<Row>[] {
  const excess = totalWidth(laid) - width;
  if (excess <= 0) return laid;
  const cut = laid.map((one) => shrink(one, excess));
  if (totalWidth(cut) <= width) return cut;
  if (laid.length === 1) return laid.map((one) => ({ ...one, width: Math.min(one.width, width) }));
  const least = Math.max(...laid.map(({ column }) => column.dropOrder));
  return narrow(
    laid.filter(({ column }) => column.dropOrder !== least),
    width,
  );
}

function shrink<Row>(one: Laid<Row>, excess: number): Laid<Row> {
  const { minWidth } = one.column;
  if (minWidth === undefined || one.width <= minWidth) return one;
  return { ...one, width: Math.max(minWidth, one.width - excess) };
}

function totalWidth<Row>(laid: readonly Laid<Row>[]): number {
  return laid.reduce((sum, { width }) => sum + width, gap * (laid.length - 1));
}

function line<Row>(
  laid: readonly Laid<Row>[],
  cellOf: (one: Laid<Row>) => readonly [string, Color | undefined],
  paint: Paint,
): string {
  const parts = laid.map((one, index) => {
    const [text, color] = cellOf(one);
    const shown = cutToWidth(text, one.width);
    const isLast = index === laid.length - 1;
    const padding = isLast ? '' : ' '.repeat(one.width - cellWidth(shown) + gap);
    return `${paint(color, shown)}${padding}`;
  });
  return parts.join('').trimEnd();
}
