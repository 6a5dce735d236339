import { z } from 'zod'

/** What a field means, with an example of it. */
export const said = (description: string, example: unknown) => ({ description, examples: [example] })

/** A time in seconds, at most a day. */
export const seconds = z.number().min(0).max(86_400)
export const pattern = z.string().min(1).refine(isExpression, 'is not a regular expression')
export const after = seconds.optional().meta(said('Seconds after it is set.', 30))
export const device = z.string().meta(said('The switch, by its name in the fabric.', 'leaf1'))
export const command = pattern
  .optional()
  .meta(said('A regular expression, tried on each command of a request.', 'commit timer'))

export const duration = seconds.optional().meta(said('Seconds; without it, for good.', 20))

export const lasting = { after, for: duration }

export const port = z.string().min(1).meta(said('The port, by its full EOS name.', 'Ethernet1'))

function isExpression(text: string) {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false
  }
}
