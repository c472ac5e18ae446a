import type { AST, Rule, SourceCode } from "eslint";
import type { IfStatement, Node, Statement } from "estree";

/** Prettier's print width. */
const lineWidth = 100;

const simpleStatement = /^(Expression|Return|Throw|Continue|Break)Statement$/;

/** The only statement of a body that can stand without braces. */
function onlyStatement(body: Statement, source: SourceCode): Statement | undefined {
  if (body.type !== "BlockStatement") return body;
  const [statement, second] = body.body;
  if (!statement || second || source.getCommentsInside(body).length > 0) return undefined;
  return simpleStatement.test(statement.type) ? statement : undefined;
}

/** All bodies of an `if … else if … else`. */
function branchesOf({ consequent, alternate }: IfStatement): Statement[] {
  if (!alternate) return [consequent];
  return [consequent, ...(alternate.type === "IfStatement" ? branchesOf(alternate) : [alternate])];
}

/** Whether the statement fits on the line on which the body begins. */
function fitsBehind(body: Statement, statement: Statement, source: SourceCode): boolean {
  const before = source.getTokenBefore(body) as AST.Token;
  const line = source.lines[before.loc.end.line - 1] ?? "";
  // Without braces, an `else` starts its line.
  const head = line.slice(0, before.loc.end.column).replace(/^(\s*)\} else/, "$1else");
  const text = source.getText(statement);
  return !text.includes("\n") && head.length + 1 + text.length <= lineWidth;
}

/**
 * A body of one short statement stands behind its `if`, `else`, `for` or `while`, without braces.
 *
 * `curly` requires braces around every other body, so each body has exactly one form.
 */
export const oneLineBody: Rule.RuleModule = {
  meta: {
    type: "layout",
    fixable: "code",
    schema: [],
    messages: { braces: "This body fits on one line. Remove the braces." },
  },
  create(context) {
    const source = context.sourceCode;
    const check = (node: Node, bodies: Statement[]) => {
      if (bodies.every(({ type }) => type !== "BlockStatement")) return;
      const short = bodies.map((body) => {
        const statement = onlyStatement(body, source);
        return statement && fitsBehind(body, statement, source) ? { body, statement } : undefined;
      });
      if (!short.every((pair) => pair !== undefined)) return;
      context.report({
        node,
        messageId: "braces",
        fix: (fixer) =>
          short.map(({ body, statement }) => fixer.replaceText(body, source.getText(statement))),
      });
    };
    return {
      IfStatement(node) {
        const { parent } = node;
        if (parent.type !== "IfStatement" || parent.alternate !== node) {
          check(node, branchesOf(node));
        }
      },
      "ForStatement, ForOfStatement, ForInStatement, WhileStatement"(
        node: Node & { body: Statement },
      ) {
        check(node, [node.body]);
      },
    };
  },
};
