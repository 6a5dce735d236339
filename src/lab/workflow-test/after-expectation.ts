import { z } from 'zod'
import { duration } from '../../text/source/duration-schema.ts'

/** What a test expects of the checks that are kept after the confirm. */
export const afterExpectation = z
  .strictObject({
    in: duration(60, 1_209_600, '3h')
      .optional()
      .describe('How long after the end of the change it is looked at; when its time is over without it.'),
    state: z.enum(['watching', 'failed', 'unjudged', 'held', 'ended']).optional().describe('How the watch is.'),
    says: z.string().min(1).optional().describe('What `eosflow show` says of it, or a part of that.'),
    notices: z
      .array(z.enum(['after-failed', 'after-unjudged']))
      .optional()
      .describe('Every notice that was opened until then, in order.'),
  })
  .describe('What becomes of the checks that are kept after the confirm.')
  .meta({ examples: [{ in: '3h', state: 'failed', notices: ['after-failed'] }] })
