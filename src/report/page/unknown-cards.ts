import { switches } from '../text/count.ts'
import { address } from './address.ts'
import { badge, standingBadge } from './badge.ts'
import { type Html, html } from './html.ts'
import { withQuery } from './query.ts'

/** A switch whose configuration nobody knows, with the execution that left it so. */
interface UnknownSwitch {
  readonly device: string
  readonly execution?: string
}

/** A card for each switch that nobody knows; those that one execution has left so are one card where they are many. */
export function unknownCards(unknown: readonly UnknownSwitch[]): readonly Html[] {
  const groups = new Map<string, UnknownSwitch[]>()
  for (const one of unknown)
    groups.set(one.execution ?? one.device, [...(groups.get(one.execution ?? one.device) ?? []), one])
  return [...groups.values()].flatMap((group) =>
    group.length > FEW ? [unknownMany(group)] : group.map((one) => unknownOne(one)),
  )
}

/** So many unknown switches of one execution have a card each. */
const FEW = 3

function unknownOne({ device, execution }: UnknownSwitch): Html {
  return html`<div class="card need bad"><div>
        <div class="strong">${badge(standingBadge('unknown'))} ${device}: nobody knows what is on it</div>
        <div class="muted small">Look at it now. Then type <code>eosflow recover ${device}</code></div>
        </div><a class="btn" href="${execution === undefined ? address.switch(device) : address.execution(execution)}">What happened<span class="unseen"> on ${device}</span></a></div>`
}

function unknownMany(group: readonly UnknownSwitch[]): Html {
  const [first] = group
  const names = group.map(({ device }) => device)
  return html`<div class="card need bad"><div>
        <div class="strong">${badge(standingBadge('unknown'))} ${switches(group.length)}: nobody knows what is on them</div>
        <div class="muted small"><a href="${withQuery(address.switches, { state: 'unknown' })}">Which</a>, look at each now. Then type <code>eosflow recover NAME</code>, the first: <code>eosflow recover ${names[0] ?? ''}</code></div>
        </div><a class="btn" href="${address.execution(first?.execution ?? '')}">What happened<span class="unseen"> on ${switches(group.length)}</span></a></div>`
}
