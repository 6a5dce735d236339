import type { DiffLine } from '../../change/plan/plan.ts'
import { type SkeletonGroup, type ValueTable, valueTables } from '../plan/group-lines.ts'
import { attributes, type Child, choice, field, type Html, html, listed, moment, prose, withQuery } from './html.ts'

export function diffBlock(lines: readonly DiffLine[], label: string): Html {
  return block(
    lines.map(({ sign, text }) => ({ sign, inner: text })),
    label,
  )
}

const MOST_VALUES = 4

/** The change of switches that differ in nothing but values: once, with the values marked, and a table of them where they are many. `most`: so many values of a line, rows and tables are given; all without it. */
export function groupDiff(group: SkeletonGroup, label: string, most = Number.POSITIVE_INFINITY): Html {
  const lines = markedLines(group)
  const tables = group.values.length === 0 ? [] : valueTables(group, 96).slice(0, most)
  return html`${block(
    lines.map(({ sign, pieces }) => ({ sign, inner: pieces.map((one) => piece(one, most)) })),
    label,
  )}${
    tables.length > 0 &&
    html`<details class="values"><summary>Which switch has which value</summary>${tables.map((table) => valuesTable(table, most))}</details>`
  }`
}

/** The same under the names of the switches, with how much it is of each. */
export function groupChange(group: SkeletonGroup, what: string, most?: number): Html {
  const { devices, added, removed } = group
  const names = listed(devices, 12)
  const size = `+${added} −${removed}${devices.length > 1 ? ' each' : ''}`
  return switchGroup(names, size, groupDiff(group, `${what} of ${names}`, most))
}

function block(
  lines: readonly { readonly sign: DiffLine['sign']; readonly inner: string | readonly (string | Html)[] }[],
  label: string,
) {
  return html`<div class="diff scroll" role="region" tabindex="0" aria-label="${label}"><div class="diff-in">${lines.map(
    ({ sign, inner }) =>
      html`<div ${attributes({ class: `dl ${CLASSES[sign]}` })}><span class="sign">${sign}</span> ${inner}</div>`,
  )}</div></div>`
}

const CLASSES: Readonly<Record<DiffLine['sign'], string>> = { '+': 'add', '-': 'del', ' ': 'ctx' }

function piece(one: MarkedPiece, most: number) {
  if ('text' in one) return one.text
  const { values, mark } = one
  const shown = values.length <= MOST_VALUES ? values.join(' | ') : `${values.length} values`
  return html`<mark title="${firstOf(values, most, ' · ')}">${shown}<sup>${numberOf(mark)}</sup></mark>`
}

// `1` for the mark `{1}`: the line shows the values, and the number leads to their column.
const numberOf = (mark: string) => mark.slice(1, -1)

function firstOf(all: readonly string[], most: number, between: string) {
  const more = all.length - most
  return more <= 0 ? all.join(between) : `${all.slice(0, most).join(between)} and ${more} more`
}

function valuesTable({ marks, rows }: ValueTable, most: number) {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="Values by switch"><table class="mono">
    ${heads('Switches', ...marks.map((mark) => `Value ${numberOf(mark)}`))}
    <tbody>${rows
      .slice(0, most)
      .map(
        ({ values, devices }) =>
          html`<tr><th scope="row">${firstOf(devices, most, ' ')}</th>${values.map((value) => html`<td>${value}</td>`)}</tr>`,
      )}</tbody></table>${rows.length > most && html`<p class="pad muted small">${rows.length - most} more rows: the plan has the own change of each switch.</p>`}</div>`
}

type MarkedPiece =
  | { readonly text: string }
  // Each value once, in the order of the switches.
  | { readonly values: readonly string[]; readonly mark: string }

interface MarkedLine {
  readonly sign: DiffLine['sign']
  readonly pieces: readonly MarkedPiece[]
}

/** The change of a group of switches once, with the values in which they differ as pieces of their own. */
export function markedLines({ lines, values }: SkeletonGroup): readonly MarkedLine[] {
  const byMark = new Map(values.map(({ mark, on }) => [mark, [...new Set(on)]]))
  return lines.map(({ sign, text }) => ({
    sign,
    pieces: text.split(/(\{\d+\})/).flatMap((piece): readonly MarkedPiece[] => {
      const differing = byMark.get(piece)
      if (differing !== undefined) return [{ values: differing, mark: piece }]
      return piece === '' ? [] : [{ text: piece }]
    }),
  }))
}

/** It shows itself once the script runs. */
export function copyButton(digest: string): Html {
  return html`<button type="button" class="btn sm" data-copy="${digest}" hidden>Copy digest</button>`
}

/** The whole digest of a plan in eight groups of eight digits, so that a person can compare it with what a terminal shows. */
export function digestBlock(digest: string): Html {
  const groups = digest.slice(digest.indexOf(':') + 1).match(/.{1,8}/g) ?? []
  return html`<div class="digest mono" role="img" aria-label="${`plan digest ${groups.join(' ')}`}">${groups.map(
    (group, index) => html`<span ${attributes({ class: index === 0 ? 'first' : undefined })}>${group}</span>`,
  )}</div>`
}

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
