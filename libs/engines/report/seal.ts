import { SignPdf } from '@signpdf/signpdf';
import { Signer } from '@signpdf/utils';
import type PDFDocument from 'pdfkit';

/** Makes a detached CMS signature (DER) over bytes. */
export type SignBytes = (content: Uint8Array) => Promise<Uint8Array>;

/** Room for the signature: a chain of certificates and a time stamp, 8 kB at most in practice. */
const ROOM = 16_384;
/** What the signing library looks for and replaces with the signed range. */
const RANGE_TO_FILL = '**********';

class BytesSigner extends Signer {
  constructor(private readonly signBytes: SignBytes) {
    super();
  }

  override async sign(pdf: Buffer): Promise<Buffer> {
    return Buffer.from(await this.signBytes(pdf));
  }
}

/** What is used of the form behind pdfkit. */
interface FormDocument {
  _root: { data: { AcroForm: { data: { Fields: unknown[]; SigFlags?: number; NeedAppearances?: boolean } } } };
}

/** Adds an invisible signature field with room for a PAdES signature (ETSI EN 319 142-1); call before the document ends. */
export function addSignatureField(doc: InstanceType<typeof PDFDocument>, at: Date): void {
  const value = doc.ref({
    Type: 'Sig',
    Filter: 'Adobe.PPKLite',
    SubFilter: 'ETSI.CAdES.detached',
    ByteRange: [0, RANGE_TO_FILL, RANGE_TO_FILL, RANGE_TO_FILL],
    Contents: Buffer.alloc(ROOM),
    M: at,
  });
  const widget = doc.ref({
    Type: 'Annot',
    Subtype: 'Widget',
    FT: 'Sig',
    Rect: [0, 0, 0, 0],
    // Printed, though invisible, and locked.
    F: 132,
    T: new String('Signature1'),
    V: value,
    P: doc.page.dictionary,
  });
  (doc.page.annotations as unknown[]).push(widget);
  doc.initForm();
  const form = (doc as unknown as FormDocument)._root.data.AcroForm.data;
  form.Fields.push(widget);
  form.SigFlags = 3;
  // A reader that makes appearances of its own would change what was signed.
  delete form.NeedAppearances;
  for (const object of [value, widget]) (object as unknown as { end(): void }).end();
}

/**
 * Signs a PDF in which {@link addSignatureField} left room.
 * @throws Error when the signature is longer than the room
 */
export async function fillSignature(pdf: Uint8Array, signBytes: SignBytes): Promise<Uint8Array> {
  return new SignPdf().sign(Buffer.from(pdf), new BytesSigner(signBytes));
}
