/** Whether the text of a certificate authority holds a certificate, in PEM: Node takes one without any for none, and would believe the authorities of the system instead. */
export function holdsCertificate(text: string): boolean {
  return /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/.test(text)
}
