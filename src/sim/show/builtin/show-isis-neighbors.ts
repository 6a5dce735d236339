import { eosAtLeast } from '../../eos-version.ts'
import { defineShow } from '../define.ts'

/** `show isis neighbors`: IS-IS is not simulated; all 72 recordings of the command are this empty map. */
export const showIsisNeighbors = defineShow({
  words: 'show isis neighbors [vrf <vrf>]',
  docs: 'IS-IS neighbours, of which there are none; lab-validation.',
  unconverted: ({ facts }) => !eosAtLeast(facts.eos, '4.21'),
  json: () => ({ vrfs: {} }),
  text: () => '',
})
