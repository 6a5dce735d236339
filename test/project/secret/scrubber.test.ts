import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Secret } from '../../../src/model/secret.ts'
import { Scrubber } from '../../../src/project/secret/scrubber.ts'

function knowing(...values: readonly string[]) {
  return knowingWith(() => undefined, ...values)
}

function knowingWith(warn: (text: string) => void, ...values: readonly string[]) {
  const scrubber = new Scrubber(warn)
  for (const [index, value] of values.entries()) scrubber.register(new Secret(value), `secret ${index}`)
  return scrubber
}

/** `p@ss wörd/"1"`, as other tools write it: percent forms from RFC 3986 by hand, hex and base64 from coreutils. */
const VALUE = 'p@ss wörd/"1"'
const FORMS: Record<string, string> = {
  'as it is': VALUE,
  'in a URL': 'p%40ss%20w%C3%B6rd%2F%221%22',
  'in a URL with small digits': 'p%40ss%20w%c3%b6rd%2f%221%22',
  'in a form': 'p%40ss+w%C3%B6rd%2F%221%22',
  'in JSON': 'p@ss wörd/\\"1\\"',
  'in JSON in JSON': 'p@ss wörd/\\\\\\"1\\\\\\"',
  'in JSON in ASCII': 'p@ss w\\u00f6rd/\\"1\\"',
  'in JSON in ASCII with capital digits': 'p@ss w\\u00F6rd/\\"1\\"',
  'in JSON with its slash escaped': 'p@ss wörd\\/\\"1\\"',
  'in a URL whose delimiters are left': 'p@ss%20w%C3%B6rd/%221%22',
  'in hex': '704073732077c3b672642f223122',
  'in capital hex': '704073732077C3B672642F223122',
  'in base64': 'cEBzcyB3w7ZyZC8iMSI=',
  'in base64 without padding': 'cEBzcyB3w7ZyZC8iMSI',
}

/** A value that markup and shells escape, as they write it: by the rules of XML 1.0, HTML and POSIX shells by hand. */
const MARKED = "a'b<c>&d*e_f|g"
const MARKED_FORMS: Record<string, string> = {
  'in XML': "a'b&lt;c&gt;&amp;d*e_f|g",
  'in HTML, its apostrophe as number': 'a&#39;b&lt;c&gt;&amp;d*e_f|g',
  'in XML, its apostrophe by name': 'a&apos;b&lt;c&gt;&amp;d*e_f|g',
  'in Markdown': "a'b&#60;c&#62;&#38;d&#42;e&#95;f&#124;g",
  'in a word of a shell': "a'\\''b<c>&d*e_f|g",
  'in a text of JavaScript': "a\\'b<c>&d*e_f|g",
}

/** By the rule of XML 1.0 for a text between tags, where quotation marks stay as they are. */
const QUOTED = 'a"b<c>&d-e'
const QUOTED_FORMS: Record<string, string> = {
  'in a text of XML': 'a"b&lt;c&gt;&amp;d-e',
  'in an attribute of XML': 'a&quot;b&lt;c&gt;&amp;d-e',
}

describe('scrub', () => {
  test.each(Object.entries(QUOTED_FORMS))('removes a secret with quotation marks %s', (_name, form) => {
    expect(knowing(QUOTED).scrub(`before ${form} after`)).toBe('before <redacted> after')
  })

  test.each(Object.entries(MARKED_FORMS))('removes a secret %s', (_name, form) => {
    expect(knowing(MARKED).scrub(`before ${form} after`)).toBe('before <redacted> after')
  })

  test('removes a secret with characters that are made visible', () => {
    expect(knowing('bell\u0007and\ttab').scrub('[bell\\u{7}and\ttab]')).toBe('[<redacted>]')
  })

  test.each(Object.entries(FORMS))('removes a secret %s', (_name, form) => {
    const scrubbed = knowing(VALUE).scrub(`before ${form} after`)
    expect(scrubbed).toMatch(/^before <redacted>=? after$/)
  })

  test.each([
    ['base64', 'YWRtaW46cEBzcyB3w7ZyZC8iMSI=', 'admin:'],
    ['base64', 'b3BzOnBAc3Mgd8O2cmQvIjEi', 'ops:'],
    ['base64', 'cm9vdDpwQHNzIHfDtnJkLyIxIg==', 'root:'],
    ['base64', 'bmV0b3BzOnBAc3Mgd8O2cmQvIjEiOjE=', 'netops:, and more behind'],
  ])('removes a secret in the middle of %s, after %s', (_kind, text) => {
    const scrubbed = knowing(VALUE).scrub(`Authorization: Basic ${text}`)
    expect(scrubbed).toMatch(/^Authorization: Basic \S{0,10}<redacted>\S{0,5}$/)
    const [kept = ''] = scrubbed.split(' ').slice(-1)
    expect(Buffer.from(kept.replace(/.*<redacted>|=/g, ''), 'base64').toString()).not.toContain('wörd')
  })

  test('removes a secret that has + and / in base64, in base64url too', () => {
    // `>>>???>>>` is Pj4+Pz8/Pj4+ in base64.
    expect(knowing('>>>???>>>').scrub('Pj4+Pz8/Pj4+ Pj4-Pz8_Pj4-')).toBe('<redacted> <redacted>')
  })

  test('replaces a run of overlapping secrets once, and secrets side by side each', () => {
    const scrubber = knowing('abcdefgh', 'efghijkl', '0a2b4c6d')
    expect(scrubber.scrub('x abcdefghijkl y')).toBe('x <redacted> y')
    expect(scrubber.scrub('abcdefgh0a2b4c6d')).toBe('<redacted><redacted>')
    expect(scrubber.scrub('abcdefg efghijk')).toBe('abcdefg efghijk')
  })

  test('replaces a long secret that holds a short one, and one that repeats itself', () => {
    expect(knowing('password1', 'my-password1-is-long').scrub('[my-password1-is-long] [password1]')).toBe(
      '[<redacted>] [<redacted>]',
    )
    expect(knowing('abababab').scrub('[ababababab]')).toBe('[<redacted>]')
    // The short one stands where the long one has begun and does not end.
    expect(knowing('passw0rd1', 'my-passw0rd1-is-long').scrub('[my-passw0rd1-is-lost]')).toBe('[my-<redacted>-is-lost]')
  })

  test.each([
    ['Admin12', 'is shorter than 8 characters'],
    ['20261120', 'is a number of fewer than 12 digits'],
    ['--------', 'is a drawn line'],
    ['Interface', 'is an ordinary word'],
    ['Password', 'is an ordinary word'],
    ['border-leaf', 'is part of a name that is shown'],
  ])('leaves %s alone, and warns of it once by name', (value, why) => {
    const warnings: string[] = []
    const scrubber = knowingWith((text) => warnings.push(text), value, 'longenough')
    scrubber.leave(['dc1-Border-Leaf-07'])
    scrubber.leave(['another'])
    expect(scrubber.scrub(`${value} longenough`)).toBe(`${value} <redacted>`)
    expect(warnings).toEqual([`secret 0 ${why}: it is not removed from output and records; change it`])
  })

  test('leaves what records consist of alone: an outcome or a kind of state that is removed can never be read again', () => {
    const words = [
      ...[
        'rolled-back',
        'cancelled',
        'not-approved',
        'compensating',
        'confirming',
        'unauthenticated',
        'not-authorised',
      ],
      ...[
        'state-failed',
        'rollback-incomplete',
        'window-closed',
        'wrong-device',
        'sibling-failed',
        'baseline',
        'Parallel',
      ],
      ...[
        'device-code',
        'client-credentials',
        'untouched',
        'unreadable',
        'nothing-to-do',
        'known-hosts',
        'verification',
      ],
    ]
    const text = words.join(' ')
    expect(knowing(...words).scrub(text)).toBe(text)
  })

  test.each(['Admin123', '202611201430', 'a-------', 'interface-7', 'border-leaf-8', 'pässwörd'])(
    'removes %s, which is no ordinary word, and warns of nothing',
    (value) => {
      const warnings: string[] = []
      const scrubber = knowingWith((text) => warnings.push(text), value)
      scrubber.leave(['dc1-border-leaf-07'])
      expect(scrubber.scrub(`[${value}]`)).toBe('[<redacted>]')
      expect(warnings).toEqual([])
    },
  )

  test('removes each line of a key, wherever a line is and whatever the whole key is encoded in', () => {
    const lines = ['b3BlbnNzaC1rZXktdjEAAAAA', 'QyNTUxOQAAACDcanaryKEY+/', 'AAAA=']
    const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----`
    const scrubber = knowing(key)
    expect(scrubber.scrub(key).split('\n').slice(1, -1)).toEqual(['<redacted>', '<redacted>', 'AAAA='])
    for (const encoding of ['base64', 'hex', 'base64url'] as const) {
      const left = Buffer.from(
        scrubber.scrub(Buffer.from(key).toString(encoding)).replaceAll('<redacted>', ''),
        encoding,
      )
      for (const line of lines.slice(0, 2)) expect(left.toString('latin1')).not.toContain(line.slice(1, -1))
    }
    expect(scrubber.scrub(JSON.stringify({ key }))).toBe(
      '{"key":"-----BEGIN OPENSSH PRIVATE KEY-----\\n<redacted>\\n<redacted>\\nAAAA=\\n-----END OPENSSH PRIVATE KEY-----"}',
    )
    expect(scrubber.scrub(`+   ${lines[1]}\r\n+   AAAA=`)).toBe('+   <redacted>\r\n+   AAAA=')
    expect(scrubber.scrub('-----BEGIN OPENSSH PRIVATE KEY-----')).toBe('-----BEGIN OPENSSH PRIVATE KEY-----')
  })

  test('tells a listener each secret once, nothing of an empty one, and the end of those alone that it knows', () => {
    const heard: (readonly [string, string | undefined])[] = []
    const scrubber = knowing('known-before')
    const end = scrubber.follow((value, name) => heard.push([value, name]))
    scrubber.register(new Secret(''), 'empty')
    scrubber.register(new Secret('second-value'), 'first name')
    scrubber.register(new Secret('second-value'), 'second name')
    scrubber.forget(new Secret('never-known'))
    scrubber.forget(new Secret('second-value'))
    expect(scrubber.scrub('[second-value] [known-before]')).toBe('[second-value] [<redacted>]')
    end()
    scrubber.register(new Secret('third-value'), 'third')
    expect(heard).toEqual([
      ['known-before', 'secret 0'],
      ['second-value', 'first name'],
      ['second-value', undefined],
    ])
  })

  test('looks for secrets as before where a name that is left is no new one', () => {
    const scrubber = knowing('a-secret-of-24-characters')
    scrubber.leave(['leaf1'])
    scrubber.scrub('made ready')
    const looksAfter = (name: string) => {
      scrubber.leave([name])
      return looksFor(() => scrubber.scrub('xxxxxxxxxx'))
    }
    expect(looksAfter('leaf1')).toBeLessThan(5)
    expect(looksAfter('leaf2')).toBeGreaterThan(24)
  })

  test('knows nothing and changes nothing', () => {
    expect(knowing().scrub('hostname leaf1')).toBe('hostname leaf1')
    expect(knowing().stream().write('hostname')).toBe('hostname')
  })
})

describe('a stream', () => {
  test('[G74] holds back what could be the beginning of a secret, and nothing else', () => {
    const stream = knowing('s3cr3t-v4lue').stream()
    expect(stream.write('the login is s3cr')).toBe('the login is ')
    expect(stream.write('3t-v4')).toBe('')
    expect(stream.write('lue\n')).toBe('<redacted>\n')
    expect(stream.write('  leaf1  verified\n')).toBe('  leaf1  verified\n')
    expect(stream.write('s3cr')).toBe('')
    expect(stream.end()).toBe('s3cr')
  })

  test('finds a secret that is registered while its beginning is held back', () => {
    const scrubber = knowing('s3cr3t-v4lue')
    const stream = scrubber.stream()
    expect(stream.write('[s3cr3t')).toBe('[')
    scrubber.register(new Secret('cr3t-other'), 'another')
    expect(stream.write('-other]')).toBe('s3<redacted>]')
  })

  test('keeps its order when a secret turns out to be a name while its beginning is held back', () => {
    const scrubber = knowing('leaf1-rack7')
    const stream = scrubber.stream()
    expect(stream.write('on leaf1-')).toBe('on ')
    scrubber.leave(['leaf1-rack7'])
    expect(stream.write('rack7 and')).toBe('leaf1-rack7 and')
  })

  const value = fc.string({ unit: fc.constantFrom('a', 'b', 'ü', '/'), minLength: 8, maxLength: 12 })
  const noise = fc.string({ unit: fc.constantFrom('a', 'b', 'ü', '/', ' ', '%', 'x'), maxLength: 20 })
  const groups = fc
    .sample(fc.array(value, { minLength: 1, maxLength: 3 }), 50)
    .map((values) => ({ values, scrubber: knowing(...values) }))
  const cuts = fc.array(fc.nat({ max: 9 }), { minLength: 1 })

  test('[G74] never leaks a secret, however it is cut, and gives what one piece gives: 20,000 cuts', {
    tags: 'long',
  }, () => {
    let planted = 0
    let cut = 0
    fc.assert(
      fc.property(fc.constantFrom(...groups), fc.array(noise, { maxLength: 6 }), cuts, (group, noises, sizes) => {
        const { values, scrubber } = group
        const text = [...noises, ''].map((part, index) => part + (values[index % values.length] ?? '')).join('')
        const stream = scrubber.stream()
        const written = pieces(text, sizes).map((piece) => stream.write(piece))
        const out = written.join('') + stream.end()
        planted += noises.length + 1
        cut += written.length
        return out === scrubber.scrub(text) && !values.some((secret) => out.includes(secret))
      }),
      { numRuns: 20_000 },
    )
    expect(planted).toBeGreaterThan(60_000)
    expect(cut).toBeGreaterThan(200_000)
  })
})

describe('the cost of what nearly is a secret', () => {
  const scrubber = knowing(`${'a'.repeat(2_999)}b`, `${'ab'.repeat(500)}c`, `${'a'.repeat(400)}d`)
  scrubber.scrub('made ready')
  const texts = {
    'one character, as in the beginning of a secret': 'a'.repeat(300_000),
    'the secret but for its end, over and over': `${'a'.repeat(2_999)}c`.repeat(100),
    'each beginning of the secret in turn': Array.from({ length: 775 }, (_, n) => `${'a'.repeat(n)}c`).join(''),
    'secrets that overlap without an end': 'ab'.repeat(150_000),
  }

  test.each(Object.entries(texts))('%s: at most two looks for each of 300,000 characters', (_name, text) => {
    expect(text.length).toBeGreaterThan(295_000)
    const looks = looksFor(() => scrubber.scrub(text))
    expect(looks).toBeGreaterThan(0.9 * text.length)
    expect(looks).toBeLessThanOrEqual(2 * text.length)
  })
})

/** How often something is looked for in a map meanwhile: a count, because a time says more about the machine. */
function looksFor(work: () => unknown) {
  const { get } = Map.prototype
  let looks = 0
  Map.prototype.get = function (key: unknown) {
    looks++
    return get.call(this, key)
  }
  try {
    work()
  } finally {
    Map.prototype.get = get
  }
  return looks
}

/** Cuts a text into pieces of the given sizes, over and over; a size of 0 is an empty piece. */
function pieces(text: string, sizes: readonly number[]) {
  const cut: string[] = []
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = turn > text.length ? text.length : (sizes[turn % sizes.length] ?? 1)
    cut.push(text.slice(at, at + size))
    at += size
  }
  return cut
}
