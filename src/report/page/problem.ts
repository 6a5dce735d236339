import { address, html, type PageContent, prose } from './html.ts'

// What went wrong, as the API says it (RFC 9457).
interface ProblemDocument {
  readonly status: number
  readonly title: string
  readonly detail?: string | undefined
  readonly hint?: string | undefined
  readonly device?: string | undefined
  readonly problems?: readonly { readonly at?: string; readonly message: string; readonly hint?: string }[] | undefined
  readonly decision?: { readonly rules: readonly string[]; readonly demands: readonly string[] } | undefined
}

export function problemPage({
  status,
  title,
  detail,
  hint,
  device,
  problems = [],
  decision,
}: ProblemDocument): PageContent {
  const body = html`<div class="alone">
    <p class="faint small">${status}</p>
    <h1>${title}</h1>
    ${detail !== undefined && html`<p class="lede">${device !== undefined && html`<b>${device}</b>: `}${prose(detail)}</p>`}
    ${hint !== undefined && html`<p class="notice run">${prose(hint)}</p>`}
    ${
      problems.length > 0 &&
      html`<ul class="card list">${problems.map(
        (problem) =>
          html`<li>${problem.at !== undefined && html`<div class="mono faint">${problem.at}</div>`}<div>${prose(problem.message)}</div>${
            problem.hint !== undefined && html`<div class="muted small">${prose(problem.hint)}</div>`
          }</li>`,
      )}</ul>`
    }
    ${
      decision !== undefined &&
      html`<p class="muted small">Decided by ${decision.rules.length === 0 ? 'no rule that allows it' : decision.rules.join(', ')}${decision.demands.length > 0 && html`. Demanded: ${decision.demands.join('; ')}`}. <a href="${address.policy}">What the policy says</a></p>`
    }
    <p><a class="btn" href="${address.overview}">Overview</a></p>
    </div>`
  return { title, body }
}
