import { deliverOnce } from '../../../features/notify/outbox.ts'
import { messageOf } from '../../../model/error.ts'
import { count } from '../../../report/text/text.ts'
import { exitCodeOfThrown, gravest } from '../outcome/exit-code.ts'
import { appCommand } from '../terminal/compose.ts'

/** Looks once for what is abnormal, and sends every target and every sink what it lacks. */
export const run = appCommand(async ({ app, caller, io, global }) => {
  const delivered = await deliverOnce({ app, by: caller })
  const rows = delivered.map(({ name, sent, failure }) => ({
    name,
    sent,
    ...(failure === undefined ? {} : { failure: messageOf(failure) }),
  }))
  if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'notify-deliver', delivered: rows })}\n`)
  else {
    const lines = rows.map(({ name, sent, failure }) => `${failure ?? `${name}: ${count(sent, 'message')} sent`}\n`)
    io.out(`${lines.length === 0 ? 'The settings name nobody to tell.\n' : lines.join('')}Next: eosflow audit list\n`)
  }
  return gravest(delivered.map(({ failure }) => (failure === undefined ? 0 : exitCodeOfThrown(failure))))
})
