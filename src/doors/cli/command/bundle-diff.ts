import { definedMembers } from '../../../model/json.ts'
import { diffBundles } from '../../../project/authoring/publish/publish.ts'
import { differenceText } from '../../../report/bundle.ts'
import { workflowTests } from '../option/workflow-tests.ts'
import { appCommand } from '../terminal/compose.ts'

export const run = appCommand(async ({ app, caller, io, args: [from, to], global }) => {
  const found = await diffBundles(app, caller, definedMembers({ from, to }), workflowTests)
  io.out(global.json ? `${JSON.stringify({ version: 1, kind: 'bundle-diff', ...found })}\n` : differenceText(found))
  return 0
})
