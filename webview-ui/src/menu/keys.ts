/** The keys of a menu. Pure. */

/**
 * The place of the entry that a key goes to from the one at `at` (-1 for none); null when the key is none of the menu's. A
 * letter goes to the next entry that begins with it.
 */
export function itemForKey(key: string, at: number, labels: readonly string[]): number | null {
  const count = labels.length;
  if (count === 0) return null;
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % count;
    case 'ArrowUp':
      return (at <= 0 ? count : at) - 1;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return key.length === 1 && key !== ' ' ? withLetter(key.toLowerCase(), at, labels) : null;
  }
}

function withLetter(letter: string, at: number, labels: readonly string[]): number | null {
  for (let step = 1; step <= labels.length; step += 1) {
    const place = (at + step + labels.length) % labels.length;
    if (labels[place]?.toLowerCase().startsWith(letter) === true) return place;
  }
  return null;
}
