import { publish } from '../../../project/authoring/publish/publish.ts'
import { publishedText } from '../../../report/bundle.ts'
import { workflowTests } from '../option/workflow-tests.ts'
import { appCommand } from '../terminal/compose.ts'

/** Publishes the files of the project, once all of them are good. */
export const run = appCommand(async ({ app, caller, io, args, options, global }) => {
  const given = typeof options.reason === 'string' ? io.scrubber.scrub(options.reason).trim() : ''
  const also = args.map((typed) => app.project.pathOf(typed))
  const done = await publish(app, caller, { also, ...(given === '' ? {} : { reason: given }) }, workflowTests)
  io.out(global.json ? `${JSON.stringify({ version: 1, kind: 'published', ...done })}\n` : text(done))
  return 0
})

function text(done: Awaited<ReturnType<typeof publish>>) {
  return `${publishedText(done)}\nNext: eosflow bundle list\n`
}
