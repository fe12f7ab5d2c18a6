/** README.txt of a bundle: how to check it with our program, and without. */
export const README = `IMPRIMATUR: REPORT OF EXAMINATION, WITH WHAT IS NEEDED TO CHECK IT
(le texte français suit)

report-en.pdf, report-fr.pdf   the report for people
report.json                    the report for machines, signed (Ed25519) and time-stamped (RFC 3161)
report-canonical.json          the report alone, byte for byte what was hashed (RFC 8785)
signals.json                   what the register of releases answered
credentials.c2pa               content credentials of the examined file, if it has any
proof.tlog-proof, log-entry.json, log-key.txt
                               that the release is in the public log (c2sp.org/tlog-proof), if it was looked up
signer-anchors.pem, tsa-anchors.pem, trust.json
                               who was trusted: for signatures, for time, and everything together
index.json                     the signed list of all files here

WITH THE PROGRAM, without a network:
  imprimatur verify --offline bundle.zip FILE --at TIME --key SHA256
It ends with 0 only when everything holds and the same row comes out. SHA256 is the hash of the key that signs reports.
Take it from the service, not from here: whoever makes up a bundle makes up its keys.

WITH STANDARD TOOLS:
1. The hash of the report is printed on each page of the PDF:
   sha256sum report-canonical.json
2. The key that signs reports (compare with the service):
   openssl pkey -pubin -in report-key.pem -outform DER | sha256sum
3. The signature:
   printf 'imprimatur report v1\\n%s\\n' "$(sha256sum report-canonical.json | cut -d' ' -f1)" > signed.txt
   openssl pkeyutl -verify -pubin -inkey report-key.pem -rawin -in signed.txt -sigfile report.sig
4. The time stamp:
   openssl ts -verify -token_in -in time-stamp.der -data report-canonical.json -CAfile tsa-anchors.pem
5. The examined file: its hash stands in the report.
   sha256sum FILE
6. The list of files: index.json names the SHA-256 of each; its signature covers
   "imprimatur bundle v1", a line break, the SHA-256 of the value of "index" as canonical JSON, a line break.

------------------------------------------------------------------------------------------------------------------------
IMPRIMATUR : RAPPORT D’EXAMEN, ET CE QU’IL FAUT POUR LE CONTRÔLER

report-en.pdf, report-fr.pdf   le rapport pour les personnes
report.json                    le rapport pour les machines, signé (Ed25519) et horodaté (RFC 3161)
report-canonical.json          le rapport seul, octet pour octet ce dont l’empreinte a été calculée (RFC 8785)
signals.json                   la réponse du registre des diffusions
credentials.c2pa               certificat (C2PA) du fichier examiné, s’il en a un
proof.tlog-proof, log-entry.json, log-key.txt
                               que la diffusion figure au journal public (c2sp.org/tlog-proof), s’il a été consulté
signer-anchors.pem, tsa-anchors.pem, trust.json
                               à qui l’on s’est fié : pour les signatures, pour le temps, et le tout ensemble
index.json                     la liste signée de tous les fichiers du dossier

AVEC LE PROGRAMME, sans réseau :
  imprimatur verify --offline bundle.zip FICHIER --at DATE --key SHA256
Il ne se termine par 0 que si tout tient et que la même ligne en résulte. SHA256 est l’empreinte de la clé qui signe les
rapports. Il faut la tenir du service, non d’ici : qui invente un dossier en invente les clés.

AVEC DES OUTILS COURANTS : les commandes 1 à 6 ci-dessus. 1 : empreinte du rapport, imprimée sur chaque page du PDF.
2 : clé qui signe les rapports, à comparer avec celle du service. 3 : signature. 4 : horodatage. 5 : fichier examiné.
6 : liste des fichiers.
`;
