using System.Management.Automation;
using System.Reflection;

namespace FaceRecon.PowerShell;

/// <summary>
/// Makes [FaceRecon.RigidTransform] and its like known to PowerShell. The library lives in a load context of the
/// module's own (see FaceRecon.psm1), where PowerShell does not look for types; a type accelerator of the full name
/// leads it there.
/// </summary>
public static class TypeNames
{
    // Accelerators belong to the process, imports to a runspace: the last one out takes them away.
    private static readonly Lock Gate = new();
    private static int _imports;

    /// <summary>Called when the module is imported.</summary>
    public static void Register()
    {
        lock (Gate)
        {
            if (_imports++ == 0)
                foreach (var type in PublicTypes)
                    Accelerators.Add(type.FullName!, type);
        }
    }

    /// <summary>Called when the module is removed.</summary>
    public static void Unregister()
    {
        lock (Gate)
        {
            if (--_imports == 0)
                foreach (var type in PublicTypes)
                    Accelerators.Remove(type.FullName!);
        }
    }

    private static IEnumerable<Type> PublicTypes =>
        typeof(RgbdFrame).Assembly.GetExportedTypes().Where(type => !type.IsNested);

    /// <summary>PowerShell's table of type names, which the reference assembly does not show.</summary>
    private static class Accelerators
    {
        private static readonly Type Table =
            typeof(PSObject).Assembly.GetType("System.Management.Automation.TypeAccelerators", throwOnError: true)!;

        public static readonly Action<string, Type> Add =
            Table.GetMethod("Add", BindingFlags.Public | BindingFlags.Static, [typeof(string), typeof(Type)])!.CreateDelegate<Action<string, Type>>();

        public static readonly Func<string, bool> Remove =
            Table.GetMethod("Remove", BindingFlags.Public | BindingFlags.Static, [typeof(string)])!.CreateDelegate<Func<string, bool>>();
    }
}
