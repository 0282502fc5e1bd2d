using System.CommandLine;

namespace FaceRecon.Cli;

/// <summary>facerecon models: the models that come with FaceRecon.</summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var command = new Command("models", "List the models that come with FaceRecon: purpose, licence, SHA-256, file.");
        command.SetAction(_ =>
        {
            foreach (var model in InstalledModel.All())
                Console.WriteLine($"{model.Name}\n    {model.Purpose}\n    {model.Licence}, {model.Source}\n    {model.Sha256 ?? "missing"}  {model.Path}");
        });
        return command;
    }
}
