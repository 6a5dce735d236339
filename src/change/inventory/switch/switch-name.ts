import { shortName } from '../../../text/source/short-name.ts'

/** The name of a switch, and of a credential: as it is written in selectors and records. */
export const switchName = shortName.refine(
  (text) => !['and', 'or', 'not'].includes(text),
  'a word of the selector language',
)
