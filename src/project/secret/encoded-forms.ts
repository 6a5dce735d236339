import { HIDDEN_CHARACTER } from '../../model/hidden-character.ts'

const HIDDEN = new RegExp(HIDDEN_CHARACTER, 'gu')

// A fragment of base64 shorter than this would stand in ordinary text by chance.
const SHORTEST_FRAGMENT = 8

/**
 * The forms in which a value may turn up in output: as it is, as in a URL, a form, JSON, XML, Markdown, a shell's word, hex,
 * base64 and base64url. Of base64 also what the value looks like in the middle of a longer text (`Basic` credentials hold
 * user and password).
 */
export function encodedForms(value: string): ReadonlySet<string> {
  const bytes = Buffer.from(value)
  const hex = bytes.toString('hex')
  return new Set([
    value,
    ...urlForms(value),
    ...jsonForms(value),
    ...markupForms(value),
    value.replaceAll("'", "'\\''"),
    value.replaceAll("'", "\\'"),
    value.replace(HIDDEN, (one) => (one === '\t' ? one : `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`)),
    hex,
    hex.toUpperCase(),
    ...base64Forms(bytes),
  ])
}

// RFC 3986 with capital and small digits, with the delimiters of a URL left alone, and `application/x-www-form-urlencoded`.
function urlForms(value: string) {
  // Half a character has no form in a URL.
  const whole = value.replaceAll(/[\ud800-\udfff]/gu, '\ufffd')
  return [encodeURIComponent(whole), encodeURI(whole), new URLSearchParams([['', whole]]).toString().slice(1)].flatMap(
    (url) => [url, url.replace(/%[0-9A-F]{2}/g, (percent) => percent.toLowerCase())],
  )
}

// JSON, JSON within JSON, JSON in ASCII alone (RFC 8259, section 7), and with the slash escaped.
function jsonForms(value: string) {
  const json = insideQuotes(value)
  const ascii = json.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return [
    json,
    insideQuotes(json),
    ascii,
    ascii.replace(/\\u[0-9a-f]{4}/g, (digits) => `\\u${digits.slice(2).toUpperCase()}`),
    json.replaceAll('/', '\\/'),
  ]
}

const insideQuotes = (text: string) => JSON.stringify(text).slice(1, -1)

function markupForms(value: string) {
  const named = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
  return [
    named,
    named.replaceAll("'", '&#39;'),
    named.replaceAll("'", '&apos;'),
    value.replace(/[&<>]/g, (one) => ({ '&': '&amp;', '<': '&lt;' })[one] ?? '&gt;'),
    value.replace(/[&<>`*_[\]\\|]/g, (one) => `&#${one.charCodeAt(0)};`),
  ]
}

function base64Forms(bytes: Buffer) {
  const whole = bytes.toString('base64').replace(/=+$/, '')
  const fragments = [0, 1, 2]
    .map((offset) => fragment(bytes, offset))
    .filter((text) => text.length >= SHORTEST_FRAGMENT)
  return [whole, ...fragments].flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')])
}

// The base64 characters that depend on these bytes alone when `offset` bytes stand before them in their group of three.
function fragment(bytes: Buffer, offset: number) {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
  const first = Math.ceil((offset * 8) / 6)
  const last = Math.floor(((offset + bytes.length) * 8) / 6)
  return text.slice(first, last)
}
