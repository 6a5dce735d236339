import { visible } from '../text/visible.ts'

// Text that is HTML: made by {@link html} and {@link attributes} alone, so that nothing else reaches a page as markup.
class Markup {
  readonly #text: string
  readonly #isAttributes: boolean

  constructor(text: string, isAttributes = false) {
    this.#text = text
    this.#isAttributes = isAttributes
  }

  get isAttributes(): boolean {
    return this.#isAttributes
  }

  toString(): string {
    return this.#text
  }
}

export type Html = Markup

export type Child = string | number | bigint | Html | undefined | false | readonly Child[]

type Place =
  | { readonly kind: 'text' }
  | { readonly kind: 'tag' }
  | { readonly kind: 'attribute' }
  | { readonly kind: 'address'; readonly before: string }

interface Template {
  readonly pieces: readonly string[]
  readonly places: readonly Place[]
}

const templates = new WeakMap<TemplateStringsArray, Template>()

/** Every string in it is escaped, and control, bidi and invisible characters are shown (report/text/visible.ts); {@link Html} values and lists of them stay as they are. In an attribute only text may be written, between double quotes; in a tag only {@link attributes}. */
export function html(strings: TemplateStringsArray, ...values: readonly Child[]): Html {
  const { pieces, places } = templates.get(strings) ?? readTemplate(strings)
  let text = pieces[0] ?? ''
  values.forEach((value, index) => {
    text += written(value, places[index] ?? { kind: 'text' }) + (pieces[index + 1] ?? '')
  })
  return new Markup(text)
}

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

const ATTRIBUTE = /^[a-z][a-z0-9-]*$/
const ADDRESS = /^(?:href|src|action|formaction)$/

/**
 * The attributes of a tag, for the place in a tag: `<input ${attributes({ checked })}>`. Throws a TypeError for a name that is
 * none, for a handler (`onclick`) and for `style`, which the pages' policy forbids.
 */
export function attributes(given: Attributes): Html {
  const text = Object.entries(given).flatMap(([name, value]) => {
    if (!ATTRIBUTE.test(name) || name.startsWith('on') || name === 'style' || name === 'srcdoc') {
      throw new TypeError(`no attribute for a page: ${name}`)
    }
    if (value === undefined || value === false) return []
    if (value === true) return [name]
    return [`${name}="${ADDRESS.test(name) ? address(String(value), '') : escaped(String(value))}"`]
  })
  return new Markup(text.join(' '), true)
}

function written(value: Child, place: Place): string {
  if (value === undefined || value === false) return ''
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    if (place.kind === 'tag') throw new TypeError('text in a tag is written with attributes()')
    return place.kind === 'address' ? address(String(value), place.before) : escaped(String(value))
  }
  if (value instanceof Markup) {
    if (value.isAttributes ? place.kind !== 'tag' : place.kind !== 'text') {
      throw new TypeError('HTML is at a place where it has no meaning')
    }
    return value.toString()
  }
  if (!Array.isArray(value)) throw new TypeError('a template holds text, HTML and lists of them')
  return value.map((one: Child) => written(one, place)).join('')
}

function escaped(text: string) {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('`', '&#96;')
}

const HARMLESS = /^(?:\/(?![/\\])|\?|#|https?:\/\/|mailto:|$)/i

function address(value: string, before: string) {
  if (before === '' && !HARMLESS.test(value)) throw new TypeError(`an address that a page may not lead to: ${value}`)
  return escaped(value)
}

function readTemplate(strings: TemplateStringsArray): Template {
  if (!Object.isFrozen(strings) || !Object.hasOwn(strings, 'raw')) throw new TypeError('html is for templates only')
  const reader = new PlaceReader()
  const places = strings.slice(0, -1).map((piece) => reader.read(piece))
  reader.read(strings.at(-1) ?? '')
  if (!reader.isBetweenTags()) throw new TypeError('a template ends within a tag')
  const template = { pieces: strings.map((piece) => piece.replace(/\n\s+/g, '\n')), places }
  templates.set(strings, template)
  return template
}

class PlaceReader {
  #at: 'text' | 'tag' | 'attribute' = 'text'
  #tag = ''
  #attribute = ''
  #value = ''

  isBetweenTags(): boolean {
    return this.#at === 'text'
  }

  read(piece: string): Place {
    for (const character of piece) {
      if (this.#at === 'text') this.#inText(character)
      else if (this.#at === 'tag') this.#inTag(character)
      else this.#inAttribute(character)
    }
    return this.#place()
  }

  #inText(character: string): void {
    if (character !== '<') return
    this.#at = 'tag'
    this.#tag = ''
  }

  #inTag(character: string): void {
    if (character === '>') {
      if (/^(?:style\b|script(?!\s+src="))/i.test(this.#tag)) throw new TypeError('a page has no script or style in it')
      this.#at = 'text'
    } else if (character === "'") {
      throw new TypeError('an attribute is written between double quotes')
    } else if (character === '"') {
      this.#attribute = /([^\s=]+)=$/.exec(this.#tag)?.[1]?.toLowerCase() ?? ''
      if (this.#attribute.startsWith('on') || this.#attribute === 'style' || this.#attribute === 'srcdoc') {
        throw new TypeError(`no attribute for a page: ${this.#attribute}`)
      }
      this.#at = 'attribute'
      this.#value = ''
    }
    this.#tag += character
  }

  #inAttribute(character: string): void {
    this.#value += character
    if (character !== '"') return
    this.#tag += character
    this.#at = 'tag'
  }

  #place(): Place {
    if (this.#at === 'text') return { kind: 'text' }
    if (this.#at === 'attribute') {
      return ADDRESS.test(this.#attribute) ? { kind: 'address', before: this.#value } : { kind: 'attribute' }
    }
    if (!/\s$/.test(this.#tag)) throw new TypeError('a value in a tag is attributes(), or between double quotes')
    return { kind: 'tag' }
  }
}
