import { describe, expect, it } from 'vitest';
import { entriesOf, knownIn } from '../../../../src/core/gatekeeper/detect/dotenv';
import { createGate } from '../../../../src/core/gatekeeper/gate';

const VALUE = 'zebra/quilt 93x+Ωmega"';
const SIMPLE = 'zebraquilt93x';
const clear = (text: string, ...values: string[]): string =>
  createGate({ known: values.map((value) => ({ kind: 'env-value', value })), names: [] }).redact(text).text;

describe('a known value', () => {
  const json = JSON.stringify(VALUE).slice(1, -1);
  const base64 = (before: string) => Buffer.from(`${before}${VALUE}`).toString('base64');
  it.each([
    ['as it is', `a ${VALUE} b`, 'zebra/quilt'],
    ['escaped for JSON', `{"a":"${json}"}`, 'quilt'],
    ['in base64', base64(''), base64('').slice(2, -6)],
    ['in base64 after one letter', base64('x'), base64('x').slice(3, -6)],
    ['in base64 after two letters', base64('xy'), base64('xy').slice(4, -6)],
    ['in base64 for URLs', base64('').replaceAll('+', '-').replaceAll('/', '_'), base64('').slice(2, 14)],
    ['URL-encoded', `?q=${encodeURIComponent(VALUE)}`, 'quilt'],
    ['in hexadecimal', Buffer.from(VALUE).toString('hex'), Buffer.from('quilt').toString('hex')],
    ['in capital hexadecimal', Buffer.from(VALUE).toString('hex').toUpperCase(), Buffer.from('quilt').toString('hex')],
  ])('is found %s', (_how, text, gone) => {
    const cleared = clear(text, VALUE);
    expect(cleared).toContain('«env-value:1»');
    expect(cleared).not.toContain(gone);
  });

  it.each([
    ['over lines', 'zebra\n  quilt93x'],
    ['by a plus sign', '"zebra" + "quilt93x"'],
    ['by dashes', 'z-e-b-r-a-q-u-i-l-t-9-3-x'],
    ['by spaces', 'z e b r a q u i l t 9 3 x'],
    ['by an escaped line break', 'zebra\\nquilt93x'],
    [
      'in base64 over lines',
      Buffer.from(`abc${SIMPLE}`)
        .toString('base64')
        .replace(/(.{8})/g, '$1\n'),
    ],
  ])('is found split %s', (_how, text) => {
    expect(clear(`x: ${text}.`, SIMPLE)).toContain('«env-value:1»');
  });

  it('has one number in whatever form it stands', () => {
    expect(clear(`${SIMPLE} ${Buffer.from(SIMPLE).toString('hex')}`, SIMPLE)).toBe('«env-value:1» «env-value:1»');
  });

  it.each(['true', '3000', 'localhost', 'development', 'abc', 'http://localhost:3000', 'info', 'eu-north-1'])(
    'is not looked for when it is as ordinary as %s',
    (value) => {
      expect(clear(`x ${value} y`, value)).toBe(`x ${value} y`);
    },
  );

  it('is found among five hundred', () => {
    const values = Array.from({ length: 500 }, (_, i) => `value-${(i * 7919).toString(36)}-Xq${i}zz`);
    const text = values.map((value) => `line ${value} end`).join('\n');
    const cleared = clear(text, ...values);
    for (const value of values) expect(cleared).not.toContain(value);
  });

  it('is found among many that begin alike, and none of them where only the beginning stands', () => {
    const values = Array.from({ length: 200 }, (_, i) => `acme-internal-token-${(i * 7919 + 46656).toString(36)}x${i}`);
    const lines = values.map((value, i) => (i % 2 === 0 ? value : Buffer.from(value).toString('base64')));
    const cleared = clear(`${lines.join('\n')}\nacme-internal-token-other\n`, ...values);
    expect(cleared.split('\n').slice(0, 200)).toEqual(
      values.map((_, i) => expect.stringContaining(`«env-value:${i + 1}»`)),
    );
    expect(cleared).toContain('acme-internal-token-other');
  });
});

describe('an environment file', () => {
  it('is read with quotes, comments, line breaks and escapes', () => {
    const text = 'A=1 # one\nexport B="two\\nlines"\nC=\'x # y\'\n# D=4\nE="first\nsecond"\nF=a=b\n';
    expect(entriesOf(text)).toEqual([
      { name: 'A', value: '1' },
      { name: 'B', value: 'two\nlines' },
      { name: 'C', value: 'x # y' },
      { name: 'E', value: 'first\nsecond' },
      { name: 'F', value: 'a=b' },
    ]);
  });

  it('gives its secrets, the password of an address too, and nothing that is no secret', () => {
    const values = (name: string, value: string) => knownIn(name, value).map((known) => known.value);
    expect(values('DB_PASSWORD', 'correcthorse')).toEqual(['correcthorse']);
    expect(values('CANARY', 'zebra-quilt-93x')).toEqual(['zebra-quilt-93x']);
    expect(values('DATABASE_URL', 'postgres://a:p%40ss99@db/x')).toEqual([
      'postgres://a:p%40ss99@db/x',
      'p%40ss99',
      'p@ss99',
    ]);
    for (const [name, value] of [
      ['API_URL', 'https://api.acme.io/v1'],
      ['PORT', '3000'],
      ['APP_NAME', 'Acme Shop'],
      ['DATA', './data/files1'],
      ['HOST', 'db1.internal'],
      ['LOG_LEVEL', 'info'],
    ] as const)
      expect(values(name, value)).toEqual([]);
  });
});
