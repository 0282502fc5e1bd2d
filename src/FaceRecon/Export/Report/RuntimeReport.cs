using System.Runtime.InteropServices;

namespace FaceRecon;

/// <summary>What a reconstruction ran on.</summary>
public sealed record RuntimeReport
{
    /// <summary>The version of .NET.</summary>
    public string Framework { get; } = RuntimeInformation.FrameworkDescription;
    /// <summary>The operating system and its version.</summary>
    public string OperatingSystem { get; } = RuntimeInformation.OSDescription;
    /// <summary>The processor's kind.</summary>
    public string Architecture { get; } = RuntimeInformation.ProcessArchitecture.ToString();
    /// <summary>Cores that it could use.</summary>
    public int Processors { get; } = Environment.ProcessorCount;
}
