import { attributes, type Html, html } from './html.ts'

export interface Region {
  readonly region: string
  readonly html: Html
}

/** `standing` is what the rest of the page depends on, such as the buttons that a viewer is offered: when it becomes another one, the script asks for the whole page. */
export function region(
  name: string,
  inner: Html | false,
  { style, standing }: { readonly style?: string; readonly standing?: string } = {},
): Region {
  const about = { id: name, 'data-region': name, 'data-standing': standing, class: style }
  return { region: name, html: html`<div ${attributes(about)}>${inner}</div>` }
}
