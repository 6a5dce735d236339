import { attributes, type Child, choice, field, type Html, html, moment, prose, withQuery } from './html.ts'

type Head = string | false | readonly [name: Child, look: string]

/** The names of the columns of a table, with the class of those that have one. */
export function heads(...names: readonly Head[]): Html {
  return html`<thead><tr>${names.map((one) => one !== false && (typeof one === 'string' ? head(one) : head(...one)))}</tr></thead>`
}

function head(name: Child, look?: string) {
  return html`<th ${attributes({ scope: 'col', class: look })}>${name}</th>`
}

export function empty(words: string | Html): Html {
  return html`<div class="card pad empty"><p>${typeof words === 'string' ? prose(words) : words}</p></div>`
}

/** `to`: ISO 8601. */
export function searchedCard(what: string, to: string, now: number, next: string): Html {
  return html`<div class="card pad empty below"><p>Searched back to ${moment(to, now)}. No earlier ${what} was looked at.</p><p><a class="btn sm" rel="next" href="${next}">Search on</a></p></div>`
}

/** Says that nothing has all of a filter; each of `names` can be taken out of it. */
export function takeOneAway<Name extends string>(
  what: string,
  path: string,
  filter: { readonly [Part in Name]?: string | undefined },
  names: readonly (readonly [name: Name, word: string])[],
  more: Child,
): Html {
  const link = ([name, word]: readonly [Name, string]) =>
    html`<a class="btn sm" href="${withQuery(path, { ...filter, [name]: undefined })}">✕ ${word}: ${filter[name] ?? ''}</a>`
  return html`<div class="card pad empty"><p>No ${what} has all of this. Take one away:</p><div class="row below">${names.map(link)}${more}</div></div>`
}

export function chip(href: string, isCurrent: boolean, text: string): Html {
  return html`<a ${attributes({ href, 'aria-current': isCurrent && 'true' })}>${text}</a>`
}

const STEPS = { prev: 'Before', next: 'Next' } as const

/** The way to the page before or behind this one. */
export function pageStep(rel: keyof typeof STEPS, to: string, look = 'btn sm'): Html {
  return html`<a class="${look}" rel="${rel}" href="${to}">${STEPS[rel]}</a>`
}

export function switchGroup(names: string, said: Child, inner: Child): Html {
  return html`<div class="group"><p class="group-head"><b>${names}</b> <span class="muted">${said}</span></p>${inner}</div>`
}

export function decidedSection(items: readonly Html[]): Html | false {
  return (
    items.length > 0 &&
    html`<section aria-labelledby="decided"><h2 id="decided">Decided</h2><ul class="card list small">${items}</ul></section>`
  )
}

interface AskedField {
  readonly id: string
  readonly name?: string
  readonly label: string
  readonly value: string | undefined
}

export function choiceField(
  { id, name = id, label, value }: AskedField,
  options: readonly (readonly [value: string, word: string])[],
): Html {
  return field({ id, label, control: () => choice({ id, name, chosen: value }, options) })
}

/** One of some names or none of them: by its letters where they are many. */
export function nameField(asked: AskedField, names: readonly string[], none: string): Html {
  return names.length > FEW ? textField(asked) : choiceField(asked, [['', none], ...names.map(alike)])
}

const FEW = 40

export const alike = (name: string) => [name, name] as const

export function textField({ id, name = id, label, value = '' }: AskedField, type = 'text'): Html {
  const given = { id, name, type, value, autocomplete: 'off', spellcheck: 'false' }
  return field({ id, label, control: () => html`<input ${attributes(given)}>` })
}
