/** Two small pictures that look like a code: 200 by 200 pixels, and nothing to be read from them. */

const jpeg = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI' +
    'CAgICAgICAgICAgICAj/wAALCADIAMgBAREA/8QAFgAAAwAAAAAAAAAAAAAAAAAAAAcI/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/a' +
    'AAgBAQAAPwB/gAAAAAAAAAAAAAAAAAAAAAAAABAAAAC/0AL/AAgAL/QAAAAv8AIAX+AAgBf4CAAv8IAX+AAgBf4AQAv9AAC/0AL/' +
    'AEAAAL/QAv8AQAAv9AC/wAgBf6AAF/oAX+AgBf4CAF/oAAX+gBf4AQAv9AAC/wBAC/0ABf4AQAv9AAC/0AL/AAAgBf4ACAF/oAAC' +
    '/wAIAX+AAgBf4AQAAAAv9AAC/wABAAAAC/wAAAAAAgBf4AAAAAAQAv8AQAv9AAX+gBf4QAAAF/oAX+gBf4AAQAv9AAX+gABf6AF/' +
    'hAAAAX+AAAgAAL/QAF/oAX+gABf6AF/oAX+gBf4ACAAAAv8ACAAv8ABAC/0ABf4AAQAAv9AC/wBAAX+AgBf4QAAAF/gAAAAAIAX+' +
    'AgBf4QAF/oAAX+AEAAAAL/QAv8IAAC/wEAAL/ACAF/gAIAX+gBf6AAF/oAAX+AAAEAL/AEAAL/QAv8BAAAC/wEABf4ACAF/oAAX+' +
    'gBf6AF/oAAX+gAL/AEABf6AF/gBAC/0AAL/QAv8ACAF/gIAAAC/0AL/ACAF/gAIAX+AgBf6AAF/oAAX+AAEAAAAL/QAF/gBAC/0A' +
    'AL/AAAAAAAAAAAAAAAAAAAAAAAAAAD//2Q==',
  'base64',
);

const transparentPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAMgAAADIAQMAAACXljzdAAAABlBMVEUAAAD///+l2Z/dAAAAAnRSTlP/AOW3MEoAAACgSURBVHja' +
    '7ZgxDsAgDAPz/0+7Q4gDatl7CKaGmywS1xDarbjkHyRy5acrMLHkmCswSZ2lt1TTyVB7DInQIcQ7mx6FkXKKyOn68BAU2dg6thhd' +
    'aM3ymDHJAAtkk+zDtoxWSiQepbYMwUmV89FhyewTTndgsiTVcnMyqQZU/5+EJk52VnoCKaV6Zz4kabF0ovUW0U7OJE6qfZMgk/sm' +
    '9GPyANB17K4QLq1hAAAAAElFTkSuQmCC',
  'base64',
);

/** A picture as a reply. The transparent one is a PNG since JPEG knows no transparency; the platform's form of it is not known. */
export function codeImage(isHyaline = false): { bytes: Buffer; contentType: string } {
  return isHyaline
    ? { bytes: transparentPng, contentType: 'image/png' }
    : { bytes: jpeg, contentType: 'image/jpeg' };
}
