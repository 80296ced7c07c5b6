/** Figures over predictions: F1, recall, confusion, calibration. */

export type Pair = { readonly told: string; readonly due: string };

/** The mean of the labels' F1, over the labels that are due at all. */
export function macroF1(pairs: readonly Pair[]): number {
  const labels = [...new Set(pairs.map(({ due }) => due))];
  return mean(labels.map((label) => f1(pairs, label)));
}

function f1(pairs: readonly Pair[], label: string): number {
  const right = pairs.filter(({ told, due }) => told === label && due === label).length;
  const wrong = pairs.filter(({ told, due }) => (told === label) !== (due === label)).length;
  return (2 * right) / (2 * right + wrong);
}

/** How many of those where it is due it was told of; 1 where it is never due. */
export function recall(cases: readonly { readonly told: boolean; readonly due: boolean }[]): number {
  const due = cases.filter((each) => each.due);
  return due.length === 0 ? 1 : due.filter(({ told }) => told).length / due.length;
}

/** How many of those where it is not due it was told of. */
export function falseAlarms(cases: readonly { readonly told: boolean; readonly due: boolean }[]): number {
  return mean(cases.filter(({ due }) => !due).map(({ told }) => (told ? 1 : 0)));
}

/** Rows of what is due, columns of what was told. */
export function confusion(pairs: readonly Pair[], labels: readonly string[]): string {
  const short = (label: string): string => label.slice(0, 7).padStart(8);
  const rows = labels.map((due) => {
    const counts = labels.map((told) => pairs.filter((pair) => pair.due === due && pair.told === told).length);
    return `${short(due)}${counts.map((count) => String(count).padStart(8)).join('')}`;
  });
  return [`${' '.repeat(8)}${labels.map(short).join('')}`, ...rows].join('\n');
}

const BINS = 10;

/** Expected calibration error: how far confidence and accuracy lie apart, in ten bins, by how much is in each. */
export function calibrationError(cases: readonly { readonly confidence: number; readonly right: boolean }[]): number {
  const bins = Array.from({ length: BINS }, (_, bin) =>
    cases.filter(({ confidence }) => Math.min(BINS - 1, Math.floor(confidence * BINS)) === bin),
  ).filter((bin) => bin.length > 0);
  const gaps = bins.map((bin) => {
    const gap = mean(bin.map(({ confidence }) => confidence)) - mean(bin.map(({ right }) => (right ? 1 : 0)));
    return (Math.abs(gap) * bin.length) / cases.length;
  });
  return gaps.reduce((a, b) => a + b, 0);
}

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;

/** The value in the middle. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
