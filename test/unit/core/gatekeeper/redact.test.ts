import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clearThrough, partsOf } from '../../../../src/core/gatekeeper/egress';
import { createGate, placeholdersIn, plainGate } from '../../../../src/core/gatekeeper/gate';
import { holdsPlaceholder, redact } from '../../../../src/core/gatekeeper/redact';
import { sha256 } from '../../../support/engine';

// Fakes are put together here, so that no scanner takes this file for a leak.
const fake = (prefix: string, length: number, alphabet = 'aB3dE5fG7hJ9') =>
  prefix + alphabet.repeat(Math.ceil(length / alphabet.length)).slice(0, length);
const PEM = (label: string, body = 'MIIEvQIBADANBg\nkqhkiG9w0BAQEF') =>
  `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----`;
const JWT = ['eyJ', 'hbGciOiJIUzI1NiJ9', '.', 'eyJ', 'zdWIiOiIxMjM0NTY3ODkwIn0', '.', fake('', 43)].join('');

const SECRETS: readonly [kind: string, secret: string][] = [
  ['private-key', PEM('RSA PRIVATE KEY')],
  ['private-key', PEM('PRIVATE KEY')],
  ['private-key', PEM('OPENSSH PRIVATE KEY')],
  ['private-key', PEM('PGP PRIVATE KEY BLOCK')],
  ...['p', 'o', 'u', 's', 'r'].map((c): [string, string] => ['github-token', fake(`gh${c}_`, 36)]),
  ['github-token', fake('ghp_', 300)],
  ['github-token', `${fake('github_' + 'pat_', 22)}_${fake('', 59)}`],
  ['anthropic-key', fake('sk-' + 'ant-api03-', 93)],
  ['openai-key', fake('sk-', 48)],
  ['openai-key', `${fake('sk-' + 'proj-', 60)}_${fake('', 40)}-${fake('', 40)}`],
  ['openai-key', fake('sk-' + 'or-v1-', 64, '0123456789abcdef')],
  ['aws-key', fake('AK' + 'IA', 16, 'ABCDEFGH23456723')],
  ['aws-key', fake('AS' + 'IA', 16, 'Z2Y3X4W5')],
  ['slack-token', `${fake('xo' + 'xb-', 12, '1234567890')}-${fake('', 24)}`],
  ['google-key', fake('AI' + 'za', 35)],
  ['npm-token', fake('npm' + '_', 36)],
  ['gitlab-token', fake('gl' + 'pat-', 20)],
  ['huggingface-token', fake('h' + 'f_', 34)],
  ['stripe-key', fake('sk_' + 'live_', 24)],
  ['jwt', JWT],
];

describe('redaction', () => {
  it.each(SECRETS)('takes out a %s wherever it stands (%#)', (kind, secret) => {
    for (const [before, after] of [
      ['', ''],
      ['token = "', '"'],
      ['KEY=', '\n'],
      ['x_', ' '],
      ['é', '。'],
      ['(', ')'],
    ] as const) {
      const { text, counts } = redact(`${before}${secret}${after}`);
      expect(text).toBe(`${before}«${kind}»${after}`);
      expect(counts).toEqual({ [kind]: 1 });
    }
  });

  it.each([
    ['postgres://app:hunter22@db/x', 'postgres://app:«url-password»@db/x'],
    ['redis://:hunter22@cache:6379', 'redis://:«url-password»@cache:6379'],
    ['HTTPS://u:pa:ss:wd@host', 'HTTPS://u:«url-password»@host'],
    [`amqp://u:${'x1'.repeat(90)}@host`, 'amqp://u:«url-password»@host'],
  ])('takes the password out of %s', (text, expected) => {
    expect(redact(text).text).toBe(expected);
  });

  it('takes out a private key whose end was cut off, and everything that may belong to it', () => {
    expect(redact(`a\n${PEM('RSA PRIVATE KEY').slice(0, 50)}`).text).toBe('a\n«private-key»');
  });

  it('counts each kind, and takes out every one of several', () => {
    const [, one] = SECRETS[4] ?? ['', ''];
    expect(redact(`${one} ${one}\n${JWT}`)).toEqual({
      text: '«github-token» «github-token»\n«jwt»',
      counts: { 'github-token': 2, jwt: 1 },
    });
  });

  it.each([
    ['a git hash', 'commit 88eb5a9c0ffee0d1e2f3a4b5c6d7e8f901234567'],
    ['a SHA-256', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['a UUID', '123e4567-e89b-12d3-a456-426614174000'],
    ['prose about keys', 'Keys that begin with sk- or ghp_ or AKIA are secrets; eyJ begins a token.'],
    ['a style class', 'class="sk-fading-circle-spinner-with-very-long-name sk-folding-cube"'],
    ['words that end in sk', 'task-management-system-integration-tests-2 disk-usage-of-the-whole-machine'],
    [
      'base64',
      'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    ],
    [
      'an integrity hash',
      'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
    ],
    ['a URL with a port', 'http://localhost:3000/a@b and https://example.com:8443/x'],
    ['an address with a user', 'git@github.com:a/b.git ssh://git@host/a mailto:a@b.c'],
    ['a public key', PEM('PUBLIC KEY')],
    ['a JSON text in base64', `eyJ${fake('', 40)}`],
    ['a constant in capitals', 'AKIAVELLI_CONSTANT ASIAPACIFICREGION'],
  ])('leaves %s alone', (_what, text) => {
    expect(redact(text)).toEqual({ text, counts: {} });
  });

  const glue = fc.constantFrom(
    '',
    ' ',
    '_',
    '-',
    '.',
    'a',
    '9',
    '@',
    ':',
    'https://u:',
    '«jwt»',
    '\n',
    '-----BEGIN ',
    'sk-',
    'eyJ',
    '"',
  );
  const soup = fc
    .array(fc.oneof(fc.constantFrom(...SECRETS.map(([, secret]) => secret)), glue, fc.string({ maxLength: 6 })), {
      maxLength: 10,
    })
    .map((parts) => parts.join(''));

  it('done twice is done once', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const once = redact(text).text;
        expect(redact(once)).toEqual({ text: once, counts: {} });
      }),
      { numRuns: 3000 },
    );
  });

  it('leaves no secret that stands by itself, whatever stands around it', () => {
    fc.assert(
      fc.property(soup, fc.constantFrom(...SECRETS), soup, (before, [, secret], after) => {
        expect(redact(`${before} ${secret} ${after}`).text).not.toContain(` ${secret} `);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    'eyJ-',
    'sk-',
    'sk-a1',
    'eyJaaaaaaaaaa.',
    '-----BEGIN PRIVATE KEY-----',
    'a://b:',
    'AIza',
    'xoxb-',
    'ghp_a',
    '-',
  ])('comes to an end on a megabyte of "%s"', (piece) => {
    expect(redact(piece.repeat(Math.ceil(1_000_000 / piece.length))).text.length).toBeGreaterThan(0);
  });
});

describe('a placeholder', () => {
  it('is known as one of every kind, and nothing else is', () => {
    for (const [, secret] of SECRETS) expect(holdsPlaceholder(`a ${redact(secret).text} b`)).toBe(true);
    for (const text of ['', '«»', '«token»', 'github-token', '« github-token »', '«GITHUB-TOKEN»'])
      expect(holdsPlaceholder(text)).toBe(false);
  });

  it('is known again each time it is looked for', () => {
    expect([1, 2, 3].map(() => holdsPlaceholder('«jwt»'))).toEqual([true, true, true]);
  });
});

describe('clearing for egress', () => {
  const content = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(...SECRETS.map(([, secret]) => `ü ${secret}`)),
  );
  const message = fc.oneof(
    content.map((text) => ({ role: 'system' as const, content: text })),
    content.map((text) => ({ role: 'user' as const, content: text })),
    content.map((text) => ({ role: 'tool' as const, call: 'c1', content: text })),
  );

  const about = (_: unknown, sent: string) => ({ redactions: placeholdersIn(sent), files: [] });

  it('lists exactly what is sent: one part a message, with its bytes and its hash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 5 }), async (messages) => {
        const sent = await clearThrough(createGate({ known: [], names: [] }))(messages);
        const parts = partsOf(messages, sent, about, sha256);
        expect(sent.map(({ role }) => role)).toEqual(messages.map(({ role }) => role));
        expect(parts.map((part) => part.sha256)).toEqual(sent.map((m) => sha256(String(m.content))));
        expect(parts.map((part) => part.bytes)).toEqual(sent.map((m) => Buffer.byteLength(String(m.content))));
        for (const { content: text } of sent) for (const [, secret] of SECRETS) expect(text).not.toContain(secret);
      }),
    );
  });

  it('says where each part comes from and what was taken out of it', async () => {
    const messages = [
      { role: 'user' as const, content: `t ${JWT}` },
      { role: 'tool' as const, call: 'call_7', content: 'x' },
    ];
    const parts = partsOf(messages, await clearThrough(plainGate(4))(messages), about, sha256);
    expect(parts).toMatchObject([
      { source: 'user message', redactions: { jwt: 1 } },
      { source: 'tool result call_7', redactions: {} },
    ]);
  });
});

describe('passing over the patterns that cannot be met', () => {
  // Holds what every pattern begins with, and nothing that any of them takes.
  const marks = [
    '-----BEGIN ',
    'ghp_',
    'github_' + 'pat_',
    'sk-' + 'ant-',
    'AKIA',
    'ASIA',
    'xox',
    'AIza',
    'npm_',
    'gl' + 'pat-',
    'h' + 'f_',
    'k_' + 'live_',
    '.eyJ',
    '://',
  ];
  const tail = `\n${marks.join(' \n')} \n`;

  it('makes no difference to any text', () => {
    const secrets = SECRETS.map(([, secret]) => secret);
    const url = 'https://user:' + 'hunter22@host';
    const piece = fc.oneof(
      fc.constantFrom(...secrets, url, url.toUpperCase()),
      fc.constantFrom(...secrets).chain((secret) => fc.nat(secret.length).map((at) => secret.slice(0, at))),
      fc.constantFrom(...marks, ' ', '\n', 'x', '=', '«', '@', ':'),
      fc.string(),
    );
    let found = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const text = pieces.join('');
        // A key that does not end would take in the tail.
        fc.pre(!/-----BEGIN[^\n]*PRIVATE KEY(?![\s\S]*-----END [A-Z ]*PRIVATE KEY( BLOCK)?-----[\s\S]*$)/.test(text));
        const { text: cleared, counts } = redact(text);
        if (Object.keys(counts).length > 0) found += 1;
        expect(redact(`${text}${tail}`)).toEqual({ text: `${cleared}${tail}`, counts });
      }),
      { numRuns: 3_000 },
    );
    expect(found).toBeGreaterThan(500);
  });
});

it('an address behind a slash is somebody, one of another machine is a place', () => {
  expect(plainGate(4).redact('users/jane.roe@bigcorp.com and ~/jane.roe@bigcorp.com').text).not.toContain('jane.roe');
  const clone = 'git clone ssh://git@github.com/a/b.git; scp deploy@web1.bigcorp.com:/srv/a .';
  expect(plainGate(4).redact(clone).text).toBe(clone);
});
