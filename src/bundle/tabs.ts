import ts from "typescript";

/** The code indented by a tab where esbuild puts two spaces: a twentieth of the bundle. Texts over several lines stay. */
export function indentedByTabs(code: string): string {
  const texts = multilineTexts(ts.createSourceFile("install.js", code, ts.ScriptTarget.Latest));
  return code.replace(/^(?: {2})+/gm, (spaces, at: number) =>
    texts.some(({ pos, end }) => pos < at && at < end) ? spaces : "\t".repeat(spaces.length / 2),
  );
}

function multilineTexts(source: ts.SourceFile): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateLiteral(node)) found.push(node);
    else ts.forEachChild(node, visit);
  };
  visit(source);
  return found.filter(({ pos, end }) => source.text.slice(pos, end).includes("\n"));
}
