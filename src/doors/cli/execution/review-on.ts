import { approveByReviews, type ReviewRequest } from '../../../features/forge/from-review.ts'
import { openForge } from '../../../features/forge/open-forge.ts'
import { FORGE_KINDS, type ForgeKind } from '../../../model/forge.ts'
import { problemOf } from '../../../model/problem.ts'
import { planForDecision } from '../../../project/approval/decide-plan.ts'
import { stillMissing } from '../../../project/approval/missing.ts'
import { requireSameDigest } from '../../../project/plan/whose-digest.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import { wholeDigest } from '../../../project/system/process/whole-digest.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { short } from '../../../report/text/count.ts'
import { givenAccount, givenName, givenPull } from '../forge/forge-options.ts'
import { forgePlace } from '../forge/forge-place.ts'
import { text } from '../option/options.ts'
import { trustOption } from '../option/trust-option.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'
import { notEnough, tellNote } from '../terminal/tell-note.ts'

/** Takes reviews on a forge onto the record, as approvals of a plan by those who gave them. */
export async function reviewOn(invocation: Invocation, typed: string): Promise<number> {
  const { io, args, options, global } = invocation
  const kind = kindIn(typed)
  const [word = ''] = args
  if (word === '')
    throw new InputError([
      problemOf('--from-review', 'no-plan', 'there is nothing to approve', 'Name a saved plan or an execution.'),
    ])
  const request: ReviewRequest = {
    pull: givenPull(invocation, kind),
    name: givenName(invocation),
    account: givenAccount(invocation),
    branch: text(options.base),
  }
  const place = forgePlace(invocation, kind)
  const digest = wholeDigest('--digest', options.digest)
  return withApp(invocation, async ({ app, caller }) => {
    const asked = { word, decision: 'approve', isForElsewhere: false, trust: trustOption(invocation) } as const
    const named = await planForDecision(app, caller, asked)
    if (digest !== undefined) requireSameDigest(named.plan, digest)
    const { approvers, others, pull } = await approveByReviews(
      app,
      caller,
      await openForge(app, place),
      named.plan,
      request,
    )
    for (const why of others) tellNote(caller, `this review does not count: ${why}`)
    const missing = await stillMissing(app, caller.principal, named)
    const plan = named.plan.digest
    const answer = { version: 1, decision: 'approve', plan, pull, approvers, others, enough: missing.length === 0 }
    const lines = `approved ${short(plan)} as ${approvers.join(', ')}, by review of #${pull}\n${notEnough(missing)}`
    const next = missing.length === 0 ? `Next: eosflow run ${shellWord(word)}\n` : ''
    io.out(global.json ? `${JSON.stringify(answer)}\n` : `${lines}${next}`)
    return 0
  })
}

function kindIn(typed: string): ForgeKind {
  const kind = FORGE_KINDS.find((one) => one === typed)
  if (kind !== undefined) return kind
  throw new InputError([problemOf('--from-review', 'bad-forge', `there is no forge \`${typed}\``, 'github or gitlab')])
}
