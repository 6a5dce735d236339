/** The pre-authentication encoding of DSSE 1.0: what is signed, so that a body of one type is never taken for another. */
export function preAuthEncoding(type: string, body: string): Buffer {
  const part = (text: string) => `${Buffer.byteLength(text)} ${text}`
  return Buffer.from(`DSSEv1 ${part(type)} ${part(body)}`)
}
