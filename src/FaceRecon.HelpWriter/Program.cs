using System.Reflection;
using System.Runtime.Loader;
using FaceRecon.HelpWriter;

// Usage: FaceRecon.HelpWriter <FaceRecon.PowerShell.dll> <System.Management.Automation.dll> <help file>
if (args is not [var module, var automation, var output])
{
    Console.Error.WriteLine("usage: FaceRecon.HelpWriter <FaceRecon.PowerShell.dll> <System.Management.Automation.dll> <help file>");
    return 2;
}
var folder = Path.GetDirectoryName(Path.GetFullPath(module))!;
AssemblyLoadContext.Default.Resolving += (context, name) =>
    new[] { Path.GetFullPath(automation), Path.Combine(folder, name.Name + ".dll") }
        .Where(file => Path.GetFileNameWithoutExtension(file) == name.Name && File.Exists(file))
        .Select(context.LoadFromAssemblyPath).FirstOrDefault();
var assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.GetFullPath(module));
var documentation = new Documentation(
    Path.ChangeExtension(module, ".xml"), Path.Combine(folder, "FaceRecon.xml"));
var cmdlets = assembly.GetExportedTypes().Select(type => Cmdlet.From(type, documentation)).OfType<Cmdlet>().OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal);
Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
MamlFile.Write(output, [.. cmdlets]);
return 0;
