import { type AcceptedLoss, acceptLoss } from '../../../project/record/upkeep/accept-loss.ts'
import { visibleLine } from '../../../report/text/text.ts'
import { givenReason, text } from '../option/options.ts'
import { judgedCommand } from '../terminal/compose.ts'
import { asTyped } from '../terminal/io.ts'

export const run = judgedCommand(
  (invocation) => givenReason(invocation, 'why the loss is accepted'),
  async ({ app, caller, io, options, global }, reason) => {
    const accepted = await acceptLoss(app, caller, { reason, scanned: text(options.scanned) })
    io.out(
      global.json
        ? `${JSON.stringify({ version: 1, kind: 'store-accept-loss', ...accepted })}\n`
        : `${asTyped(linesOf(accepted).map(visibleLine).join('\n'), io)}\nNext: eosflow executions --state open\n`,
    )
    return 0
  },
)

function linesOf({ records, lost, open }: AcceptedLoss) {
  return [
    lost === undefined
      ? 'Accepted. Nothing here vouches for records that are lost: what was written since is not known'
      : `Accepted: up to position ${lost.through} records were acknowledged, and the store goes on behind ${records}`,
    ...(open.length === 0 ? [] : [`Open, and not resumed without --restored: ${open.join(', ')}`]),
    'Freezes that were set since are lost too: set them again with eosflow freeze',
    'Approvals and task tokens from before count no more: approve plans again',
  ]
}
