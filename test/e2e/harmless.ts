/** What moves on a switch while nothing happens: how one value of an answer reads after a while. */
export interface Harmless {
  readonly name: string
  /** The value under a key as it reads later; the same value where the key is none of these. */
  readonly later: (key: string, value: unknown) => unknown
}

const numbers =
  (keys: readonly string[], move: (value: number) => number): Harmless['later'] =>
  (key, value) =>
    typeof value === 'number' && keys.includes(key) ? move(value) : value

const by = (amount: number) => (value: number) => value + amount

/** An object with its members the other way round. */
function reversed(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).reverse())
}

const reversedList =
  (list: string): Harmless['later'] =>
  (key, value) =>
    key === list && Array.isArray(value) && value.length > 1 ? value.toReversed() : value

const inText =
  (pattern: RegExp, instead: string): Harmless['later'] =>
  (key, value) =>
    key === 'output' && typeof value === 'string' ? value.replaceAll(pattern, instead) : value

/** What never is a difference. */
export const HARMLESS: readonly Harmless[] = [
  { name: 'uptime', later: numbers(['uptime'], by(1.5)) },
  { name: 'free memory', later: numbers(['memFree'], by(-812_345)) },
  { name: 'octets', later: numbers(['inOctets', 'outOctets'], by(9_876_543_210)) },
  { name: 'packets', later: numbers(['inUcastPkts', 'outUcastPkts', 'inTotalPkts'], by(1_234_567)) },
  { name: 'broadcast and multicast', later: numbers(['inBroadcastPkts', 'outMulticastPkts'], by(4711)) },
  { name: 'rates', later: numbers(['inBitsRate', 'outBitsRate', 'inPktsRate', 'outPktsRate'], by(123.4)) },
  { name: 'when counters were read', later: numbers(['counterRefreshTime'], by(30.25)) },
  { name: 'flow control at work', later: numbers(['rxPause', 'txPause'], by(17)) },
  { name: 'BGP messages', later: numbers(['msgReceived', 'msgSent'], by(42)) },
  { name: 'BGP queues', later: numbers(['inMsgQueue', 'outMsgQueue'], by(3)) },
  { name: 'moments told to the microsecond', later: numbers(['upDownTime', 'lastUp'], by(0.125)) },
  { name: 'link times counted back from now', later: numbers(['lastStatusChangeTimestamp'], by(-0.4)) },
  { name: 'the age of ARP entries', later: numbers(['age'], by(1200)) },
  {
    name: 'when MAC tables changed',
    later: numbers(['tablesLastChangeTime', 'tablesInserts', 'tablesAgeOuts'], by(60)),
  },
  { name: 'LLDP time to live', later: numbers(['ttl'], by(-33)) },
  { name: 'temperatures', later: numbers(['currentTemperature', 'maxTemperature', 'ambientTemperature'], by(2.5)) },
  { name: 'fan speeds', later: numbers(['actualSpeed', 'configuredSpeed', 'speed'], by(7)) },
  { name: 'the power that is drawn', later: numbers(['outputPower', 'inputCurrent', 'outputCurrent'], by(1.5)) },
  { name: 'BFD discriminators', later: numbers(['localDisc', 'remoteDisc'], by(1000)) },
  { name: 'maps in another order', later: reversed },
  { name: 'neighbours in another order', later: reversedList('lldpNeighbors') },
  { name: 'next hops in another order', later: reversedList('vias') },
  { name: 'ARP entries in another order', later: reversedList('ipV4Neighbors') },
  {
    name: 'the header of a configuration',
    later: inText(/^! Command: .*$/gm, '! Command: show running-config\n! Last configuration change by somebody'),
  },
  { name: 'a clock drift', later: inText(/^hostname (.*)$/gm, 'hostname $1\nntp clock-period 17179869') },
]
