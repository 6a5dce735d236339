import { Idiomorph } from 'idiomorph'
import { localize, tick } from './clock.ts'

/** Trusted Types (W3C): the one place of the page that makes a document of text, and only of what this server has sent. */
interface TypesFactory {
  createPolicy(name: string, rules: { createHTML(text: string): string }): { createHTML(text: string): string }
}

const factory = (globalThis as { readonly trustedTypes?: TypesFactory }).trustedTypes
const policy = factory?.createPolicy('eosflow', { createHTML: inert })

/** The server escapes what it is given: a script in its text is none of ours. */
function inert(text: string): string {
  if (/<script(?! src="\/web\/)/i.test(text)) throw new TypeError('a script in a region')
  return text
}

/** The document of a text. It is not shown, and nothing in it runs. */
function read(text: string): Document {
  return new DOMParser().parseFromString(policy?.createHTML(text) ?? inert(text), 'text/html')
}

/**
 * Makes a region what the server has sent, in place: focus, what is typed, and what is folded open stay. Gives whether its standing is
 * another one now, on which the rest of the page depends.
 */
export function showRegion(name: string, text: string): boolean {
  const place = `[data-region="${CSS.escape(name)}"]`
  const [region, sent] = [document.querySelector(place), read(text).querySelector(place)]
  if (region === null || sent === null) return false
  const changed = region.getAttribute('data-standing') !== sent.getAttribute('data-standing')
  morph(region, sent)
  return changed
}

/** Makes the whole page what the server has sent, and takes over its clock and its stream. Gives whether it was such a page. */
export function showPage(text: string): boolean {
  const sent = read(text)
  const [main, fresh] = [document.getElementById('main'), sent.getElementById('main')]
  if (main === null || fresh === null || sent.title !== document.title) return false
  morph(main, fresh)
  // What can no longer be pressed is not offered: of a bar that stays nothing changes, so that a passkey's button goes on working.
  if (sent.querySelector('.bar') === null) document.querySelector('.bar')?.remove()
  Object.assign(document.body.dataset, sent.body.dataset)
  return true
}

function morph(was: Element, is: Element): void {
  void Idiomorph.morph(was, is, {
    ignoreActiveValue: true,
    callbacks: {
      beforeAttributeUpdated: (name: string, node: Element) => !(name === 'open' && node instanceof HTMLDetailsElement),
    },
  })
  localize(document)
  tick()
}
