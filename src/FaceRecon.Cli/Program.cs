Console.WriteLine("facerecon");
