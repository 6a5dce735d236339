import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { attributes, type Child, html } from '../../../src/report/page/html.ts'
import { visible } from '../../../src/report/text/text.ts'
import { partOf } from '../../lab/part-of.ts'

/** Texts that have broken pages: markup, ends of quotes and comments, schemes, entities, controls, bidi, half pairs. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg/onload=alert(1)>',
  "' autofocus onfocus=alert(1) x='",
  '`-alert(1)-`',
  '--><b>',
  ']]>',
  '</title><script>',
  '</textarea>',
  '&lt;b&gt; &amp;#60;',
  'javascript:alert(1)',
  '\u202eevil\u2066',
  'a\u0000b\u001b[2Jc\u009b31m',
  'x\u200by\u2060z\u00ad',
  '\ud800',
  '\r\nSet-Cookie: a=b',
] as const

const hostile = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc
    .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' })), { maxLength: 4 })
    .map((all) => all.join('')),
)

/** What a browser reads of escaped text: the six references that the pages write. */
function read(escaped: string) {
  const known: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#96': '`' }
  return escaped.replace(/&([^;]+);/g, (_, name: string) => known[name] ?? `unknown reference ${name}`)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const UNSEEN = /[\0-\b\v-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff]/u

describe('a template of a page', () => {
  test('any text is text: between tags, in a list, in an attribute and in attributes()', () => {
    let looked = 0
    fc.assert(
      fc.property(hostile, (text) => {
        const pages = [
          /^<p>(.*)<\/p>$/s.exec(html`<p>${text}</p>`.toString())?.[1],
          /^<p>(.*)<\/p>$/s.exec(html`<p>${[text, [undefined, false]]}</p>`.toString())?.[1],
          /^<p title="(.*)"><\/p>$/s.exec(html`<p title="${text}"></p>`.toString())?.[1],
          /^<p title="(.*)"><\/p>$/s.exec(html`<p ${attributes({ title: text })}></p>`.toString())?.[1],
          /^<a href="\/x\?q=(.*)"><\/a>$/s.exec(html`<a href="/x?q=${text}"></a>`.toString())?.[1],
        ]
        for (const inner of pages) {
          expect(inner).not.toMatch(/[<>"'`]/)
          expect(inner).not.toMatch(UNSEEN)
          expect(read(inner ?? '')).toBe(visible(text))
          looked += 1
        }
      }),
      { seed: 20_261_121, numRuns: 500 },
    )
    expect(looked).toBe(2500)
  })

  test('what a switch says is shown, not obeyed', () => {
    expect(html`<td>${'uplink <img src=x onerror=alert(1)>\u202e "a"'}</td>`.toString()).toBe(
      '<td>uplink &lt;img src=x onerror=alert(1)&gt;\\u{202e} &quot;a&quot;</td>',
    )
  })

  test('HTML stays HTML, alone and in lists, and nothing is written for what is absent', () => {
    const cells = ['a', '<'].map((cell) => html`<td>${cell}</td>`)
    expect(html`<tr>${cells}${false}${undefined}${3}</tr>`.toString()).toBe('<tr><td>a</td><td>&lt;</td>3</tr>')
  })

  test('what only looks like HTML is not', () => {
    const forged = partOf<Child>({ toString: () => '<script>', isAttributes: false })
    expect(() => html`<p>${forged}</p>`).toThrow(TypeError)
    const strings = Object.assign(['<script src="/x">'], { raw: [''] }) as unknown as TemplateStringsArray
    expect(() => html(strings)).toThrow('for templates only')
  })

  test.each<[string, () => unknown]>([
    ['text in a tag', () => html`<p ${'title=x'}></p>`],
    ['an attribute without quotes', () => html`<p title=${'x'}></p>`],
    ['single quotes', () => html`<p title='${'x'}'></p>`],
    ['HTML in an attribute', () => html`<p title="${html`<b></b>`}"></p>`],
    ['attributes in text', () => html`<p>${attributes({ title: 'x' })}</p>`],
    ['the name of a tag', () => html`<${'script'}></p>`],
    ['a tag that does not end', () => html`<p title="${'x'}"`],
    ['a handler', () => html`<p onclick="${'x'}"></p>`],
    ['a style', () => html`<p style="${'x'}"></p>`],
    ['a script', () => html`<script>${'x'}</script>`],
    ['a style sheet', () => html`<style>${'x'}</style>`],
    ['a handler in attributes()', () => attributes({ onclick: 'x' })],
    ['a style in attributes()', () => attributes({ style: 'x' })],
    ['a name that is none', () => attributes({ 'a b': 'x' })],
    ['a script as an address', () => html`<a href="${'javascript:alert(1)'}"></a>`],
    ['a script as an address in attributes()', () => attributes({ href: ' javascript:alert(1)' })],
    ['data as an address', () => html`<a href="${'data:text/html,x'}"></a>`],
    ['another host', () => html`<form action="${'//evil.example'}"></form>`],
    ['another host by a backslash', () => html`<form action="${'/\\evil.example'}"></form>`],
  ])('refuses %s', (_, made) => {
    expect(made).toThrow(TypeError)
  })

  test('an attribute is written, left out, or alone', () => {
    expect(attributes({ a: 'x', b: true, c: false, d: undefined, 'data-n': 0 }).toString()).toBe('a="x" b data-n="0"')
  })

  test('the indentation of the source is not sent', () => {
    expect(
      html`<ul>
        <li>a</li>
      </ul>`.toString(),
    ).toBe('<ul>\n<li>a</li>\n</ul>')
  })
})
