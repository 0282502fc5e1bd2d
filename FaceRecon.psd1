@{
    RootModule           = 'FaceRecon.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = 'ad70f68e-32f0-4bf8-adc6-40835b87f6ca'
    Author               = 'FaceRecon contributors'
    CompanyName          = 'FaceRecon contributors'
    Copyright            = '(c) FaceRecon contributors. MIT licence.'
    Description          = 'Metric, sub-millimetre 3D face meshes from the video of an RGB-D camera: point clouds, keypoints, poses, registration, meshes, each stage a cmdlet.'
    CompatiblePSEditions = @('Core')
    PowerShellVersion    = '7.6'
    FormatsToProcess     = @('FaceRecon.Format.ps1xml')
    FunctionsToExport    = @()
    CmdletsToExport      = @(
        'Compare-FaceMesh'
        'ConvertTo-PointCloud'
        'Export-DepthCorrection'
        'Export-FaceKeypoint'
        'Export-FaceMesh'
        'Get-FaceKeypoint'
        'Get-FaceReconModel'
        'Import-DepthCorrection'
        'Import-FaceKeypoint'
        'Import-RgbdVideo'
        'Invoke-FaceReconstruction'
        'Measure-FaceCloud'
        'Merge-PointCloud'
        'New-SyntheticRgbdVideo'
        'Optimize-FaceCloud'
        'Show-FaceKeypoint'
        'Show-FaceMesh'
        'Test-RgbdVideo'
    )
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags       = @('face', '3D', 'reconstruction', 'RGBD', 'depth', 'TrueDepth', 'point-cloud', 'ICP', 'mesh', 'landmarks', 'keypoints', 'photogrammetry', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri = 'https://opensource.org/license/mit'
        }
    }
}
