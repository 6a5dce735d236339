import { defineShow } from '../define.ts'

/** `show interfaces transceiver dom thresholds`: every cable here is copper or virtual, which has no light to measure. */
export const showTransceiverDom = defineShow({
  words: 'show interfaces transceiver dom thresholds',
  docs: 'Light and its limits by lane, of which there are none; the keys that ANTA reads.',
  json: () => ({ interfaces: {} }),
})
