import { type Attributes, attributes, type Child, type Html, html } from './html.ts'

export const TOKEN_FIELD = 'csrf'

export function actForm(
  { action, csrf, label }: { readonly action: string; readonly csrf: string; readonly label?: string },
  inner: Child,
  more: Attributes = {},
): Html {
  return html`<form method="post" ${attributes({ action, class: 'form', 'aria-label': label, ...more })}>
    <input type="hidden" name="${TOKEN_FIELD}" value="${csrf}">
    ${inner}
    </form>`
}

export function field({
  id,
  label,
  hint,
  problem,
  control,
}: {
  readonly id: string
  readonly label: string
  readonly hint?: string | undefined
  readonly problem?: string | undefined
  readonly control: (described: { readonly 'aria-describedby'?: string; readonly 'aria-invalid'?: string }) => Html
}): Html {
  const about = [...(hint === undefined ? [] : [`${id}-hint`]), ...(problem === undefined ? [] : [`${id}-problem`])]
  return html`<div class="field">
    <label for="${id}">${label}</label>
    ${control({
      ...(about.length === 0 ? {} : { 'aria-describedby': about.join(' ') }),
      ...(problem === undefined ? {} : { 'aria-invalid': 'true' }),
    })}
    ${hint !== undefined && html`<p class="hint" id="${`${id}-hint`}">${hint}</p>`}
    ${problem !== undefined && html`<p class="problem" id="${`${id}-problem`}">${problem}</p>`}
    </div>`
}

/** A choice of one of several, `''` for none of them. */
export function choice(
  { id, name, chosen }: { readonly id: string; readonly name: string; readonly chosen?: string | undefined },
  options: readonly (readonly [value: string, word: string])[],
): Html {
  return html`<select ${attributes({ id, name })}>${options.map(
    ([value, word]) => html`<option ${attributes({ value, selected: value === (chosen ?? '') })}>${word}</option>`,
  )}</select>`
}
