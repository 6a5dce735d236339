import { pullNamed, showComment } from '../../../features/forge/comment.ts'
import { openForge } from '../../../features/forge/open-forge.ts'
import type { ForgeKind } from '../../../model/forge.ts'
import { requirePlanSight } from '../../../project/access/policy/entry.ts'
import { planNamed } from '../../../project/history/plans/plan-source.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { readGiven } from '../../../project/system/process/read-given.ts'
import { fitting, planComment } from '../../../report/forge-comment.ts'
import { text } from '../option/options.ts'
import { type CommandContext, withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'
import { forgePlace, givenAccount, givenName, givenPull } from './forge-options.ts'

/** Shows a plan, or any Markdown, as a comment on a pull request, in place of the one that it has shown there before. */
export async function commentOn(invocation: Invocation, kind: ForgeKind): Promise<number> {
  const { io, global } = invocation
  const meant = givenPull(invocation, kind)
  const [name, account] = [givenName(invocation), givenAccount(invocation)]
  const place = forgePlace(invocation, kind)
  return withApp(invocation, async (context) => {
    const markdown = await shown(context)
    const forge = await openForge(context.app, place)
    const number = typeof meant === 'number' ? meant : (await pullNamed(forge, meant)).number
    const { did, id, url } = await showComment(context.app, forge, { number, name, markdown, account })
    const answer = { version: 1, did, name, comment: id, url }
    io.out(global.json ? `${JSON.stringify(answer)}\n` : `${did} the comment ${name}: ${url}\n`)
    return 0
  })
}

async function shown({ app, caller, invocation }: CommandContext) {
  const [plan, file] = [text(invocation.options.plan), text(invocation.options.text)]
  if ((plan === undefined) === (file === undefined))
    throw inputError(
      '--plan',
      'no-text',
      'exactly one of --plan and --text is needed',
      'Name a saved plan or an execution with --plan, or a file of Markdown with --text.',
    )
  if (plan === undefined) return fitting(new TextDecoder().decode(readGiven(invocation.io, file ?? '')))
  const named = await planNamed(app, plan)
  await requirePlanSight(app, caller, named.plan)
  return planComment(named.plan)
}
