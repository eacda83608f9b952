import type { deliveries } from '../../../src/api/delivery.ts';
import { type Figure, FIGURES } from './figures.ts';
import { describeValue } from './table.ts';
import type { Trial } from './trial.ts';

const WIDTH = 960;
const MARGIN = 24;
const TOP = 64;
const COLUMNS = 2;
const PANEL = { width: (WIDTH - MARGIN * (COLUMNS + 1)) / COLUMNS, gap: 20 } as const;
const TITLE = 24;
const BAR = { height: 18, gap: 6, label: 118, value: 80 } as const;
const COLOURS: Readonly<Record<(typeof deliveries)[number], string>> = {
  ManagedAPI: '#b4532a',
  ConfigMap: '#1f6f8b',
};

/** All figures as bars in one SVG. A bar without filling shows a value that was not measured as it stands. */
export function chartOf(trials: readonly Trial[]): string {
  const panelHeight = TITLE + trials.length * (BAR.height + BAR.gap) + PANEL.gap;
  const height = TOP + Math.ceil(FIGURES.length / COLUMNS) * panelHeight + MARGIN;
  const panels = FIGURES.map((figure, index) => {
    const x = MARGIN + (index % COLUMNS) * (PANEL.width + MARGIN);
    const y = TOP + Math.floor(index / COLUMNS) * panelHeight;
    return `<g transform="translate(${x} ${y})">${panelOf(figure, trials)}</g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="white"/>`,
    text(MARGIN, 30, 'The two deliveries on a real Airflow 3.3.0', 'font-size="18"'),
    text(
      MARGIN,
      50,
      'Shorter is better. Not filled: calculated from a part of the whole (≈), or given up then (>).',
    ),
    ...panels,
    '</svg>',
    '',
  ].join('\n');
}

function panelOf(figure: Figure, trials: readonly Trial[]): string {
  const longest = Math.max(...trials.map((trial) => figure.valueOf(trial) ?? 0), Number.MIN_VALUE);
  const unit = figure.unit === '' ? '' : `, ${figure.unit}`;
  const bars = trials.map((trial, index) =>
    barOf(figure, trial, TITLE + index * (BAR.height + BAR.gap), longest),
  );
  return [text(0, 12, `${figure.title}${unit}`, 'font-weight="bold"'), ...bars].join('\n');
}

function barOf(figure: Figure, trial: Trial, y: number, longest: number): string {
  const space = PANEL.width - BAR.label - BAR.value;
  const width = (Math.max(0, figure.valueOf(trial) ?? 0) / longest) * space;
  const colour = COLOURS[trial.delivery];
  const isMeasured = figure.certaintyOf(trial) === 'measured';
  const fill = isMeasured ? colour : 'none';
  const dashes = isMeasured ? '' : ' stroke-dasharray="4 3"';
  const middle = y + BAR.height - 5;
  return [
    text(0, middle, `${trial.delivery}, ${trial.pipelines}`),
    `<rect x="${BAR.label}" y="${y}" width="${width.toFixed(1)}" height="${BAR.height}" fill="${fill}" stroke="${colour}"${dashes}/>`,
    text(BAR.label + width + 6, middle, describeValue(figure, trial)),
  ].join('\n');
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y}" fill="#222" ${attributes}>${escape(content)}</text>`;
}

function escape(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
