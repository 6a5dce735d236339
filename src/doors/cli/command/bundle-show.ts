import { showBundle } from '../../../project/authoring/publish/publish.ts'
import { bundleText } from '../../../report/bundle.ts'
import { appCommand } from '../terminal/compose.ts'

/** Shows the files of a bundle, once each was compared with its digest. */
export const run = appCommand(async ({ app, caller, io, args, global }) => {
  const shown = await showBundle(app, caller, args[0])
  io.out(global.json ? `${JSON.stringify({ version: 1, kind: 'bundle', ...shown })}\n` : bundleText(shown))
  return 0
})
