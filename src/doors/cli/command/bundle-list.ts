import { listBundles } from '../../../project/authoring/publish/publish.ts'
import { bundlesText } from '../../../report/bundle.ts'
import { appCommand } from '../terminal/compose.ts'

export const run = appCommand(async ({ app, caller, io, global }) => {
  const bundles = await listBundles(app, caller)
  io.out(global.json ? `${JSON.stringify({ version: 1, bundles })}\n` : bundlesText(bundles))
  return 0
})
