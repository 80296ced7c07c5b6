import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineOf, tokenizeCommand } from '../../../../src/node/workspace/commandLine';

test('words that came from a line make a line that splits into the same words', () => {
  const line = fc.array(fc.constantFrom('a', 'npm', '--x=1', '"a b"', "'$c'", `"it's"`, "'*'", '-', '#x', '=', ' '));
  fc.assert(
    fc.property(line, (parts) => {
      const words = tokenizeCommand(parts.join(' '));
      fc.pre(words.ok);
      if (words.ok) expect(tokenizeCommand(lineOf(words.value))).toEqual(words);
    }),
  );
});

test('a plain word is written as it is', () => {
  expect(lineOf(['npm', 'run', 'test:unit', 'a b'])).toBe("npm run test:unit 'a b'");
});
