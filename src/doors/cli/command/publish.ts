import { publish } from '../../../project/authoring/publish/publish.ts'
import { publishedText } from '../../../report/bundle.ts'
import { workflowTests } from '../option/workflow-tests.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** Publishes the files of the project, once all of them are good. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const given = typeof options.reason === 'string' ? io.scrubber.scrub(options.reason).trim() : ''
  return withApp(invocation, async ({ app, caller }) => {
    const also = args.map((typed) => app.project.pathOf(typed))
    const done = await publish(app, caller, { also, ...(given === '' ? {} : { reason: given }) }, workflowTests)
    io.out(global.json ? `${JSON.stringify({ version: 1, kind: 'published', ...done })}\n` : text(done))
    return 0
  })
}

function text(done: Awaited<ReturnType<typeof publish>>) {
  return `${publishedText(done)}\nNext: eosflow bundle list\n`
}
