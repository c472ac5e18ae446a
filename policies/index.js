// The SDK's runner sends TypeScript through ts-node; what an ES module imports, Node runs natively.
import "./pack.ts";
