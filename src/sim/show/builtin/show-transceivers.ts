import { defineShow } from '../define.ts'

/** `show interfaces transceiver`: no port has a module with light. */
export const showTransceivers = defineShow({
  words: 'show interfaces transceiver',
  docs: 'Light by port, of which there is none; asked by NAPALM.',
  json: () => ({ interfaces: {} }),
})

/** `show interfaces transceiver dom thresholds`: every cable here is copper or virtual, which has no light to measure. */
export const showTransceiverDom = defineShow({
  words: 'show interfaces transceiver dom thresholds',
  docs: 'Light and its limits by lane, of which there are none; the keys that ANTA reads.',
  json: () => ({ interfaces: {} }),
})
