import { definedMembers } from '../../../model/defined-members.ts'
import { diffBundles } from '../../../project/authoring/publish/look.ts'
import { differenceText } from '../../../report/bundle.ts'
import { workflowTests } from '../option/workflow-tests.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run(invocation: Invocation): Promise<number> {
  const { io, args, global } = invocation
  const [from, to] = args
  const asked = { ...definedMembers({ from, to }) }
  return withApp(invocation, async ({ app, caller }) => {
    const found = await diffBundles(app, caller, asked, workflowTests)
    io.out(global.json ? `${JSON.stringify({ version: 1, kind: 'bundle-diff', ...found })}\n` : differenceText(found))
    return 0
  })
}
