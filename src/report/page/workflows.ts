import { count } from '../text/text.ts'
import { empty } from './diff.ts'
import { address, html, type PageContent } from './html.ts'

interface WorkflowItem {
  readonly file: string
  readonly name: string
  readonly description?: string | undefined
  readonly params: readonly string[]
  readonly mayPlan: boolean
  readonly problems: number
}

export function workflowsPage({ workflows }: { readonly workflows: readonly WorkflowItem[] }): PageContent {
  const body = html`<div class="head"><div><h1>Workflows</h1>
    <p class="lede">What can be changed here. A plan shows what would be sent; it changes nothing.</p></div></div>
    ${
      workflows.length === 0
        ? empty('This project has no workflow. They are files below `workflows/`.')
        : html`<ul class="card list">${workflows.map(item)}</ul>`
    }`
  return { title: 'Workflows', current: 'workflows', body }
}

function item({ file, name, description, params, problems, mayPlan }: WorkflowItem) {
  return html`<li class="row"><div>
    <a class="strong quiet" href="${address.workflow(file)}">${name}</a>
    ${description !== undefined && html`<div>${description}</div>`}
    <div class="faint small"><span class="mono">${file}</span>${params.length > 0 && ` · asks for ${params.join(', ')}`}</div>
    ${problems > 0 && html`<div class="bad-ink small">✕ ${count(problems, 'problem')}: <code>eosflow validate ${file}</code></div>`}
    </div>${problems === 0 && mayPlan && html`<a class="btn sp" href="${address.workflow(file)}">Plan<span class="unseen"> with ${name}</span></a>`}</li>`
}
