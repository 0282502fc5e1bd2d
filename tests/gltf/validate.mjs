// Prints what the Khronos glTF validator says about each file: node validate.mjs FILE...
// A line a file, as JSON: its name, the numbers of issues and of triangles, and the issues.
import { readFile } from 'node:fs/promises';
import { validateBytes } from 'gltf-validator';

for (const path of process.argv.slice(2)) {
    const report = await validateBytes(new Uint8Array(await readFile(path)), { maxIssues: 20, writeTimestamp: false });
    const { numErrors, numWarnings, numInfos, messages } = report.issues;
    console.log(JSON.stringify({
        path,
        errors: numErrors,
        warnings: numWarnings,
        infos: numInfos,
        triangles: report.info.totalTriangleCount,
        vertices: report.info.totalVertexCount,
        messages,
    }));
}
