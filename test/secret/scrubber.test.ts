import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { Scrubber } from '../../src/secret/scrubber.ts'

function knowing(...values: readonly string[]): Scrubber {
  const scrubber = new Scrubber()
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
  'in hex': '704073732077c3b672642f223122',
  'in capital hex': '704073732077C3B672642F223122',
  'in base64': 'cEBzcyB3w7ZyZC8iMSI=',
  'in base64 without padding': 'cEBzcyB3w7ZyZC8iMSI',
}

describe('scrub', () => {
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
    const scrubber = knowing('abcdefgh', 'efghijkl', '01234567')
    expect(scrubber.scrub('x abcdefghijkl y')).toBe('x <redacted> y')
    expect(scrubber.scrub('abcdefgh01234567')).toBe('<redacted><redacted>')
    expect(scrubber.scrub('abcdefg efghijk')).toBe('abcdefg efghijk')
  })

  test('replaces a long secret that holds a short one, and one that repeats itself', () => {
    expect(knowing('password1', 'my-password1-is-long').scrub('[my-password1-is-long] [password1]')).toBe(
      '[<redacted>] [<redacted>]',
    )
    expect(knowing('abababab').scrub('[ababababab]')).toBe('[<redacted>]')
  })

  test('leaves alone, and warns of, what is shorter than 8 characters', () => {
    const scrubber = knowing('Admin12', 'longenough')
    expect(scrubber.scrub('Admin12 longenough')).toBe('Admin12 <redacted>')
    expect(scrubber.warnings).toEqual(['secret 0 is shorter than 8 characters: it is not removed from output'])
  })

  test('knows nothing and changes nothing', () => {
    expect(knowing().scrub('hostname leaf1')).toBe('hostname leaf1')
    expect(knowing().stream().write('hostname')).toBe('hostname')
  })
})

describe('a stream', () => {
  test('holds back what could be the beginning of a secret, and no more', () => {
    const scrubber = knowing('s3cr3t-v4lue')
    const stream = scrubber.stream()
    // The longest form is the hex one: 24 characters, of which 23 are held back.
    expect(stream.write('0123456789012345678901234567s3cr')).toBe('012345678')
    expect(stream.write('3t-v4lue')).toBe('90123456')
    expect(stream.end()).toBe('78901234567<redacted>')
  })

  const value = fc.string({ unit: fc.constantFrom('a', 'b', 'ü', '/'), minLength: 8, maxLength: 12 })
  const noise = fc.string({ unit: fc.constantFrom('a', 'b', 'ü', '/', ' ', '%', 'x'), maxLength: 20 })
  const material = fc.tuple(fc.array(value, { minLength: 1, maxLength: 3 }), fc.array(noise, { maxLength: 6 }))
  const cuts = fc.array(fc.nat({ max: 9 }), { minLength: 1 })

  test('never leaks a secret, however it is cut, and gives what one piece gives', () => {
    let planted = 0
    fc.assert(
      fc.property(material, cuts, ([values, noises], sizes) => {
        const text = [...noises, ''].map((part, index) => part + (values[index % values.length] ?? '')).join('')
        const stream = knowing(...values).stream()
        const out =
          pieces(text, sizes)
            .map((piece) => stream.write(piece))
            .join('') + stream.end()
        for (const secret of values) expect(out).not.toContain(secret)
        expect(out).toBe(knowing(...values).scrub(text))
        planted += values.length
      }),
      { numRuns: 2_000 },
    )
    expect(planted).toBeGreaterThan(2_000)
  })
})

/** Cuts a text into pieces of the given sizes, over and over; a size of 0 is an empty piece. */
function pieces(text: string, sizes: readonly number[]): string[] {
  const cut: string[] = []
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = turn > text.length ? text.length : (sizes[turn % sizes.length] ?? 1)
    cut.push(text.slice(at, at + size))
    at += size
  }
  return cut
}
